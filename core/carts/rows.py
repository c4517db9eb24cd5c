"""Carts as they are read: whole, priced at their store, with what plugins add and take off."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.catalog import VariantRow
from core.extensions import PluginFailed
from core.money import Money
from core.pricing import Basket, BasketCode, BasketLine, Priced, Totals, cost

DELIVERY, SCAN_AND_GO = "DELIVERY", "SCAN_AND_GO"
_GIVES_NOTHING = "It gives nothing for this cart."


@dataclass(frozen=True, slots=True)
class Part:
    """What one bundle takes of a variant."""

    variant_id: UUID
    quantity: int
    left: int | None  #: of the variant, at the cart's store; None without one


@dataclass(slots=True)
class CartLineRow:
    id: UUID
    cart_id: UUID
    variant_id: UUID
    quantity: int
    unit_price: Money  #: for the variant's `priced_per`
    total: Money
    available: int | None  #: at the cart's store; None without one
    priced_per: int
    product_id: UUID
    category_id: UUID | None
    bundle: bool = False
    parts: tuple[Part, ...] = ()  #: of a bundle
    variant: VariantRow | None = None  #: where it was read with the line

    def grow(self, more: int) -> None:
        """Want more of it."""
        self.quantity += more
        self.total = Money(cost(self.unit_price.minor, self.priced_per, self.quantity), self.total.currency)

    @property
    def goods(self) -> dict[UUID, int]:
        """What one of it takes off the shelf: itself or, of a bundle, its parts."""
        return {part.variant_id: part.quantity for part in self.parts} if self.parts else {self.variant_id: 1}

    @property
    def of_basket(self) -> BasketLine:
        return BasketLine(
            self.id,
            self.variant_id,
            self.product_id,
            self.category_id,
            self.quantity,
            self.unit_price.minor,
            self.priced_per,
            self.total.minor,
        )


@dataclass(slots=True)
class CartCodeRow:
    cart_id: UUID
    code: str
    plugin: str
    label: str
    applied: bool = False
    reason: str | None = None  #: why it gives nothing


@dataclass(slots=True)
class CartRow:
    id: UUID
    version: int
    store_id: UUID | None
    fulfilment: str
    member_id: UUID | None
    sealed_address: bytes | None
    sealed_contact: bytes | None
    slot_start: datetime | None
    order_id: UUID | None
    expires_at: datetime
    marks: list[str]  #: plugins that have put something on it
    currency: str = ""
    lines: list[CartLineRow] = field(default_factory=list)
    codes: list[CartCodeRow] = field(default_factory=list)
    priced: Priced | None = None
    failed: list[PluginFailed] = field(default_factory=list)  #: plugins without whose part it was priced

    @property
    def at_shelf(self) -> bool:
        """Whether its goods are in the shopper's hands already."""
        return self.fulfilment == SCAN_AND_GO

    @property
    def quantities(self) -> dict[UUID, int]:
        """The wanted quantity of each variant."""
        return {line.variant_id: line.quantity for line in self.lines}

    @property
    def goods(self) -> dict[UUID, int]:
        """What its lines take off the shelf, bundles by their parts; what several take is one number."""
        goods: dict[UUID, int] = {}
        for line in self.lines:
            for variant_id, each in line.goods.items():
                goods[variant_id] = goods.get(variant_id, 0) + each * line.quantity
        return goods

    @property
    def free(self) -> dict[UUID, int]:
        """What its store has of that; nothing is said without a store."""
        known = {line.variant_id: line.available for line in self.lines if not line.parts}
        known |= {part.variant_id: part.left for line in self.lines for part in line.parts}
        return {variant_id: left for variant_id, left in known.items() if left is not None}

    @property
    def totals(self) -> Totals | None:
        """What it comes to."""
        return self.priced.totals if self.priced is not None else None

    @property
    def basket(self) -> Basket:
        """The cart as plugins see it."""
        return Basket(
            self.id,
            self.store_id,
            self.member_id,
            self.fulfilment,
            self.currency,
            tuple(line.of_basket for line in self.lines),
            tuple(BasketCode(code.code, code.plugin) for code in self.codes),
            frozenset(self.marks),
        )

    def settle(self, priced: Priced, failed: Sequence[PluginFailed]) -> None:
        """Take a price over, with what it says of each code."""
        self.priced, self.failed = priced, list(failed)
        given = {step.adjustment.code: step for step in priced.steps if not step.applied}
        given |= {step.adjustment.code: step for step in priced.steps if step.applied}
        for code in self.codes:
            step = given.get(code.code)
            code.applied = step is not None and step.applied
            why_not = step.why_not if step is not None else None
            code.reason = None if code.applied else priced.declined.get(code.code) or why_not or _GIVES_NOTHING
