"""Orders as they are read."""

from dataclasses import dataclass
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
    delivery: int
    points: int
    payable: int
    refunded: int
    reserved_until: datetime | None
    placed_at: datetime
    cart_id: UUID | None

    @property
    def totals(self) -> Totals:
        return totals_of(self.items, self.discounts, self.delivery, self.points, self.currency)


@dataclass(slots=True)
class OrderLineRow:
    id: UUID
    order_id: UUID
    variant_id: UUID
    quantity: int
    unit_minor: int
    total_minor: int
    paid: int  #: the line's share of what was paid for goods, in minor units
    refunded_quantity: int
    refunded_amount: int
    currency: str

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


@dataclass(slots=True)
class OrderEventRow:
    order_id: UUID
    at: datetime
    name: str
    actor: str
    note: str | None
