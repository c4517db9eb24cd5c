"""Identifiers made in the application, so that no statement needs a volatile SQL function."""

import base64
import secrets
from uuid import UUID

from core import clock

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to misread at a counter


def new_id() -> UUID:
    """A UUIDv7: sorts by time of making, and its 74 random bits cannot be guessed (RFC 9562)."""
    milliseconds = int(clock.now().timestamp() * 1000)
    random = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | _VERSION_7 | (random >> 62) << 64 | _VARIANT | random & (1 << 62) - 1)


def new_digits(length: int) -> str:
    """A random code of digits, for people to type."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def new_reference(length: int) -> str:
    """A random upper-case reference that survives being read aloud."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_secret() -> str:
    """A bearer secret of 256 random bits."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
