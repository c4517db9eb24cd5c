"""Transfers as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class TransferRow:
    id: UUID
    source_id: UUID
    destination_id: UUID
    order_id: UUID | None
    claim: str | None  #: OPEN, CLAIMED or RELEASED by its order; None: it is for the shelf
    status: str
    note: str | None
    requested_at: datetime
    sent_at: datetime | None
    sent_by: str | None
    ended_at: datetime | None
    ended_by: str | None


@dataclass(slots=True)
class TransferLineRow:
    transfer_id: UUID
    variant_id: UUID
    quantity: int
    claimed: int  #: how much of it is for the transfer's order
    received: int | None  #: None: nobody has received it yet

    @property
    def lost(self) -> int | None:
        """How much was sent and did not arrive."""
        return None if self.received is None else self.quantity - self.received
