"""Types that every domain speaks in."""

from collections.abc import Sequence
from decimal import Decimal

import strawberry

from core import contacts, money
from core.errors import Invalid
from core.stores import GeoPoint as GeoPointRow
from core.work import Work
from schema.context import Info
from schema.fields import batched, field, row_type
from schema.scalars import H3Cell


@row_type(money.Money)
class Money:
    """An amount in a currency."""

    amount: Decimal = field("In whole units: yuan, not fen.")
    currency: str = field("ISO 4217.")


@row_type(GeoPointRow)
class GeoPoint:
    """A place on the earth (WGS 84)."""

    latitude: float = field("Degrees north.")
    longitude: float = field("Degrees east.")


@batched(GeoPoint, H3Cell, cost=0)
async def cell(points: Sequence[GeoPointRow], info: Info, resolution: int | None = 9) -> list[int]:
    """The H3 cell the place lies in, at a resolution from 0 to 15."""
    fineness = 9 if resolution is None else resolution
    if not 0 <= fineness <= 15:
        raise Invalid(reason="A resolution lies between 0 and 15.", path=("resolution",))
    return [point.cell(fineness) for point in points]


@strawberry.input(description="A place on the earth (WGS 84).")
class GeoPointInput:
    latitude: float = field("Degrees north, -90 to 90.")
    longitude: float = field("Degrees east, -180 to 180.")


@row_type(contacts.Address)
class Address:
    """Where a delivery goes. Phone and line are masked for staff without members.read_contact."""

    recipient: str = field("Who receives it.")
    phone: str = field("The recipient's phone.")
    line: str = field("Street, house, door.")
    city: str = field("City.")
    location: GeoPoint = field("Where that is.")


@strawberry.input(description="Where a delivery goes.")
class AddressInput:
    recipient: str = field("Who receives it.")
    phone: str = field("The recipient's phone.")
    line: str = field("Street, house, door.")
    city: str = field("City.")
    location: GeoPointInput | None = strawberry.field(
        description="Where that is; needed unless the brand has a geocoding plugin.", default=None
    )


@row_type(contacts.Contact)
class Contact:
    """How to reach the buyer. The phone is masked for staff without members.read_contact."""

    name: str | None = field("What to call the buyer.")
    phone: str = field("The buyer's phone.")


@strawberry.input(description="How to reach the buyer.")
class ContactInput:
    name: str | None = strawberry.field(description="What to call the buyer.", default=None)
    phone: str = field("The buyer's phone.")


def point_of(given: GeoPointInput, path: tuple[str, ...]) -> GeoPointRow:
    """A checked place."""
    if not -90 <= given.latitude <= 90:
        raise Invalid(reason="A latitude lies between -90 and 90.", path=(*path, "latitude"))
    if not -180 <= given.longitude <= 180:
        raise Invalid(reason="A longitude lies between -180 and 180.", path=(*path, "longitude"))
    return GeoPointRow(given.latitude, given.longitude)


def address_of(work: Work, given: AddressInput, path: tuple[str, ...]) -> contacts.Address:
    """A checked address."""
    if given.location is None:
        raise Invalid(reason="Say where this is: no plugin here finds places by address.", path=(*path, "location"))
    place = point_of(given.location, (*path, "location"))
    return contacts.Address(
        recipient=contacts.text(given.recipient, path=(*path, "recipient")),
        phone=contacts.e164(given.phone, locale=work.brand.locale, path=(*path, "phone")),
        line=contacts.text(given.line, path=(*path, "line")),
        city=contacts.text(given.city, path=(*path, "city")),
        latitude=place.latitude,
        longitude=place.longitude,
    )


def contact_of(work: Work, given: ContactInput | None, path: tuple[str, ...]) -> contacts.Contact | None:
    """A checked contact."""
    if given is None:
        return None
    name = contacts.text(given.name, path=(*path, "name")) if given.name is not None else None
    return contacts.Contact(contacts.e164(given.phone, locale=work.brand.locale, path=(*path, "phone")), name)
