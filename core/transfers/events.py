"""Facts about transfers."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferRequested(Event):
    transfer_id: UUID
    source_id: UUID
    destination_id: UUID
    order_id: UUID | None  #: who waits for it


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferSent(Event):
    transfer_id: UUID
    source_id: UUID
    destination_id: UUID
    order_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferReceived(Event):
    transfer_id: UUID
    source_id: UUID
    destination_id: UUID
    order_id: UUID | None
    lost: int  #: units that were sent and did not arrive


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferCancelled(Event):
    """Nothing arrives: it was called off before it left, or came back."""

    transfer_id: UUID
    source_id: UUID
    destination_id: UUID
    order_id: UUID | None
