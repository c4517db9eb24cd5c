"""Who to reach and where to deliver: checked on the way in, sealed at rest, masked for those who need not know."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import phonenumbers

from core.errors import Invalid
from core.stores.places import GeoPoint
from core.vault import Vault
from core.work import place_of

LONGEST = 200  #: characters of a name or an address line
LONGEST_EMAIL = 254  #: characters (RFC 5321)
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Contact:
    phone: str  #: E.164
    name: str | None = None

    def masked(self) -> "Contact":
        """What staff see without the permission."""
        return Contact(mask(self.phone), self.name)


@dataclass(frozen=True, slots=True)
class Address:
    recipient: str
    phone: str  #: E.164
    line: str
    city: str
    latitude: float
    longitude: float

    @property
    def location(self) -> GeoPoint:
        return GeoPoint(self.latitude, self.longitude)

    def masked(self) -> "Address":
        """What staff see without the permission."""
        return replace(self, phone=mask(self.phone), line=self.line[:3] + "***")


def e164(phone: str, *, locale: str, path: tuple[str, ...]) -> str:
    """A phone number in its international form, or Invalid."""
    try:
        parsed = phonenumbers.parse(phone, locale.rsplit("-", 1)[-1].upper())
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise Invalid(reason="This is not a phone number.", path=path)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def email_address(value: str, *, path: tuple[str, ...]) -> str:
    """An e-mail address without the spaces around it, or Invalid."""
    stripped = value.strip()
    if len(stripped) > LONGEST_EMAIL or not _EMAIL.fullmatch(stripped):
        raise Invalid(reason="This is not an e-mail address.", path=path)
    return stripped


def text(value: str, *, path: tuple[str, ...], longest: int = LONGEST) -> str:
    """A line of text that is not empty and not too long, or Invalid."""
    stripped = value.strip()
    if not stripped or len(stripped) > longest or "\x00" in stripped:
        raise Invalid(reason=f"Between 1 and {longest} characters are wanted.", path=path)
    return stripped


def mask(phone: str) -> str:
    """All but the last four digits hidden."""
    return "*" * max(len(phone) - 4, 0) + phone[-4:]


def seal(vault: Vault, value: Contact | Address | None, table: str, column: str, row_id: UUID) -> bytes | None:
    """A contact or address as it is kept."""
    return vault.seal(asdict(value), place_of(table, column, row_id)) if value is not None else None


def open_contact(vault: Vault, sealed: bytes | None, table: str, row_id: UUID) -> Contact | None:
    """A contact as it was given."""
    return Contact(**_opened(vault, sealed, table, "contact", row_id)) if sealed is not None else None


def open_address(vault: Vault, sealed: bytes | None, table: str, row_id: UUID) -> Address | None:
    """An address as it was given."""
    return Address(**_opened(vault, sealed, table, "address", row_id)) if sealed is not None else None


def _opened(vault: Vault, sealed: bytes, table: str, column: str, row_id: UUID) -> dict[str, Any]:
    value = vault.open(sealed, place_of(table, column, row_id))
    assert isinstance(value, dict)
    return value
