"""Carts as they are read: whole, priced at their store."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.money import Money
from core.pricing import PricingRules, Totals, total

DELIVERY = "DELIVERY"


@dataclass(slots=True)
class CartLineRow:
    id: UUID
    cart_id: UUID
    variant_id: UUID
    quantity: int
    unit_price: Money  #: for the variant's `priced_per`
    total: Money
    available: int | None  #: at the cart's store; None without one


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
    currency: str = ""
    lines: list[CartLineRow] = field(default_factory=list)
    totals: Totals | None = None

    @property
    def quantities(self) -> dict[UUID, int]:
        """The wanted quantity of each variant."""
        return {line.variant_id: line.quantity for line in self.lines}

    def price(self, rules: PricingRules, *, free: bool) -> None:
        """Sum the cart up, with its delivery for nothing or for the fee."""
        parts = [line.total.minor for line in self.lines]
        self.totals = total(
            parts, delivered=self.fulfilment == DELIVERY, rules=rules, currency=self.currency, free=free
        )
