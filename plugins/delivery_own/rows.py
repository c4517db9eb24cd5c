"""Errands as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class ErrandRow:
    shipment_id: UUID
    order_id: UUID
    store_id: UUID
    state: str
    courier_id: UUID | None
    offered_at: datetime
    accepted_at: datetime | None

    @property
    def id(self) -> UUID:
        return self.shipment_id
