"""Identifiers made in the application, so that no statement needs a volatile SQL function."""

import base64
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core import clock

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to misread at a counter
_READ_AS = str.maketrans("OIL", "011")  # so that no letter looks like a digit
_GROUP = 4


def new_id() -> UUID:
    """A UUIDv7: sorts by time of making, and its 74 random bits cannot be guessed (RFC 9562)."""
    random = int.from_bytes(secrets.token_bytes(10))
    made = _VERSION_7 | (random >> 62 & 0xFFF) << 64 | _VARIANT | random & (1 << 62) - 1
    return UUID(int=_milliseconds(clock.now()) << 80 | made)


def first_id(moment: datetime) -> UUID:
    """What sorts before every id that is made at that moment or later, and after every earlier one."""
    return UUID(int=_milliseconds(moment) << 80)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def made_at(made: UUID) -> datetime:
    """When an id was made, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=made.int >> 80)


def new_digits(length: int) -> str:
    """A random code of digits, for people to type."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def new_reference(length: int) -> str:
    """A random upper-case reference that survives being read aloud."""
    return "".join([_ALPHABET[byte % len(_ALPHABET)] for byte in secrets.token_bytes(length)])  # 32 divides 256


def as_read(written: str) -> str:
    """A reference as it is compared: large or small, hyphens or none, a letter O as the digit it was read as."""
    return "".join(filter(str.isalnum, written.upper())).translate(_READ_AS)


def grouped(reference: str) -> str:
    """A reference as people are shown it."""
    return "-".join(reference[start : start + _GROUP] for start in range(0, len(reference), _GROUP))


def new_secret() -> str:
    """A bearer secret of 256 random bits."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
