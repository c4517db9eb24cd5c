"""Fulfilments as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class FulfilmentRow:
    id: UUID
    order_id: UUID
    store_id: UUID
    kind: str
    status: str
    accept_by: datetime | None
    slot_start: datetime | None


@dataclass(slots=True)
class FulfilmentLineRow:
    fulfilment_id: UUID
    order_line_id: UUID
    quantity: int
