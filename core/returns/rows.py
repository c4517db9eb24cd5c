"""Returns as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.money import Money


@dataclass(slots=True)
class ReturnRow:
    id: UUID
    order_id: UUID
    store_id: UUID  #: that takes the goods
    kind: str
    status: str
    reason: str
    note: str | None
    at_fault: bool
    answer: str | None
    tracking_number: str | None
    refund_id: UUID | None
    minor: int
    freight_minor: int
    requested_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    moved_by: str
    sold_by: UUID  #: the store of the order
    member_id: UUID | None
    currency: str

    @property
    def refunded(self) -> Money:
        return Money(self.minor, self.currency)

    @property
    def freight(self) -> Money:
        return Money(self.freight_minor, self.currency)


@dataclass(slots=True)
class ReturnLineRow:
    return_id: UUID
    order_line_id: UUID
    variant_id: UUID  #: that was sold
    quantity: int
    replacement_id: UUID | None
    received: int | None  #: None: nobody has received it yet
    received_id: UUID | None
    sellable: int | None
    refunded: int | None


@dataclass(frozen=True, slots=True)
class Returnable:
    """How much of a line can be returned, and until when; None: of that kind nothing ever, or not yet."""

    quantity: int
    until: datetime | None
