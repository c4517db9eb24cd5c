"""Facts about money."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundRequested(Event):
    refund_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundSettled(Event):
    refund_id: UUID
    order_id: UUID
    status: str
