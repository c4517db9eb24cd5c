"""Orders as they are read."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.money import Money
from core.pricing import Totals, totals_of


@dataclass(slots=True)
class OrderRow:
    id: UUID
    number: str
    store_id: UUID
    member_id: UUID | None
    kind: str
    status: str
    payment_status: str
    sealed_contact: bytes | None
    sealed_address: bytes | None
    slot_start: datetime | None
    note: str | None
    currency: str
    items: int
    discounts: int
    fees: int
    delivery: int
    points: int
    payable: int
    refunded: int
    reserved_until: datetime | None
    placed_at: datetime
    cart_id: UUID | None
    held: bool  #: whether something stands between it and its store
    also_at: list[UUID] | None = None  #: other stores that have a package of it
    code: str | None = None  #: to collect it or to leave with, where it has just been issued; elsewhere it is read

    @property
    def stores(self) -> list[UUID]:
        """Its own and those that have a package of it."""
        return [self.store_id, *(self.also_at or [])]

    @property
    def totals(self) -> Totals:
        return totals_of(
            self.currency,
            items=self.items,
            discounts=self.discounts,
            fees=self.fees,
            delivery=self.delivery,
            points=self.points,
        )


@dataclass(slots=True)
class OrderLineRow:
    id: UUID
    order_id: UUID
    variant_id: UUID
    quantity: int
    unit_minor: int
    total_minor: int
    paid: int  #: the line's share of what was paid for goods and fees, in minor units
    refunded_quantity: int
    refunded_amount: int
    currency: str
    store_id: UUID  #: that gives it

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


@dataclass(frozen=True, slots=True)
class OrderPartRow:
    """What a bundle was made of when it was sold."""

    order_line_id: UUID
    variant_id: UUID
    quantity: int  #: in one bundle


@dataclass(slots=True)
class OrderEventRow:
    order_id: UUID
    at: datetime
    name: str
    actor: str
    note: str | None


@dataclass(slots=True)
class OrderHoldRow:
    order_id: UUID
    source: str
    reason: str
    until: datetime | None


@dataclass(slots=True)
class ShareRow:
    """A line's part of a step; the line of a cart or of an order."""

    line_id: UUID
    of_order: bool
    variant_id: UUID
    amount: Money


@dataclass(slots=True)
class PriceStepRow:
    """A step of how a price came about."""

    of: UUID  #: the order or the cart
    position: int
    plugin: str
    stage: str
    kind: str
    source: str
    label: str
    reason: str
    code: str | None
    subject_id: UUID | None  #: the plugin's own row behind it
    minor: int
    applied: bool
    why_not: str | None
    currency: str
    shares: list[ShareRow] = field(default_factory=list)

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)
