"""A cart as plugins see it: what is wanted, where, by whom. Values, not rows."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BasketLine:
    id: UUID  #: the cart line
    variant_id: UUID
    product_id: UUID
    category_id: UUID | None
    quantity: int  #: in the variant's unit
    unit_price: int  #: minor units, for `priced_per` of the unit
    priced_per: int
    total: int  #: minor units, before any adjustment


@dataclass(frozen=True, slots=True)
class BasketCode:
    """A code that the shopper has put on the cart."""

    code: str  #: in capitals, without spaces around it
    plugin: str  #: that knew it


@dataclass(frozen=True, slots=True)
class Basket:
    cart_id: UUID
    store_id: UUID | None
    member_id: UUID | None
    fulfilment: str  #: DELIVERY, PICKUP, IN_STORE or SCAN_AND_GO
    currency: str  #: ISO 4217
    lines: tuple[BasketLine, ...]
    codes: tuple[BasketCode, ...] = ()
    marks: frozenset[str] = frozenset()  #: plugins that have put something on the cart, by codes or `carts.mark`

    @property
    def items(self) -> int:
        """What the goods cost before any adjustment, in minor units."""
        return sum(line.total for line in self.lines)

    def codes_of(self, plugin: str) -> list[str]:
        """The codes that a plugin knew."""
        return [code.code for code in self.codes if code.plugin == plugin]
