"""What a till tells of a sale, as it tells it: it has happened, perhaps hours ago, and is told perhaps twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from core import clock, contacts
from core.errors import Invalid
from core.money import minor_of
from core.work import Brand

_AHEAD = timedelta(minutes=5)  # how far a till's clock may be ahead of ours
_MOST_LINES = 200
_MOST_OF_A_LINE = 1_000_000
_LONGEST_KEPT = 200  # characters and lines of what was refused
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldLine:
    barcode: str
    quantity: int
    unit_price: Decimal  #: for the variant's `priced_per`


@dataclass(frozen=True, slots=True)
class Told:
    """A sale in a till's words."""

    reference: str  #: the till's own number of the sale, once a store
    sold_at: datetime
    lines: Sequence[ToldLine]
    paid: Decimal
    member_phone: str | None = None
    path: Path = field(default=("input",), compare=False)  #: where in the request it stands

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept of one that was refused, for whoever looks at it; nothing personal."""
        lines = [
            {"barcode": _storable(line.barcode), "quantity": line.quantity, "unitPrice": str(line.unit_price)}
            for line in self.lines[:_LONGEST_KEPT]
        ]
        sale = {"externalReference": _storable(self.reference), "soldAt": self.sold_at.isoformat(), "lines": lines}
        return sale | {"paid": str(self.paid)}


@dataclass(frozen=True, slots=True)
class TillLine:
    barcode: str
    quantity: int
    unit_price: int  #: minor units, for the variant's `priced_per`


@dataclass(frozen=True, slots=True)
class TillSale:
    """A sale as we can go by it."""

    reference: str
    sold_at: datetime
    lines: Sequence[TillLine]
    paid: int  #: minor units
    member_phone: str | None  #: E.164
    path: Path = field(default=("input",), compare=False)

    @property
    def facts(self) -> list[object]:
        """What the sale consists of; the same reference with other facts is a mistake."""
        lines = [[line.barcode, line.quantity, line.unit_price] for line in self.lines]
        return [self.sold_at.astimezone(UTC).isoformat(), lines, self.paid, self.member_phone]


def understood(brand: Brand, told: Told) -> TillSale:
    """A sale as we can go by it, or a refusal that says what is wrong with it."""
    at, phone = told.path, told.member_phone
    sale = TillSale(
        reference=contacts.text(told.reference, path=(*at, "externalReference")),
        sold_at=told.sold_at,
        paid=minor_of(told.paid, brand.currency, (*at, "paid")),
        member_phone=contacts.e164(phone, locale=brand.locale, path=(*at, "memberPhone")) if phone else None,
        lines=[_line(brand, line, (*at, "lines")) for line in told.lines],
        path=at,
    )
    _check(sale)
    return sale


def _line(brand: Brand, line: ToldLine, path: Path) -> TillLine:
    return TillLine(line.barcode, line.quantity, minor_of(line.unit_price, brand.currency, (*path, "unitPrice")))


def _check(sale: TillSale) -> None:
    if sale.sold_at > clock.now() + _AHEAD:
        raise Invalid(reason="This sale lies in the future.", path=(*sale.path, "soldAt"))
    if not 1 <= len(sale.lines) <= _MOST_LINES:
        raise Invalid(reason=f"A sale has 1 to {_MOST_LINES} lines.", path=(*sale.path, "lines"))
    if any(not 1 <= line.quantity <= _MOST_OF_A_LINE for line in sale.lines):
        reason = f"A quantity lies between 1 and {_MOST_OF_A_LINE}."
        raise Invalid(reason=reason, path=(*sale.path, "lines", "quantity"))


def _storable(text: str) -> str:
    return text.replace("\x00", "")[:_LONGEST_KEPT]
