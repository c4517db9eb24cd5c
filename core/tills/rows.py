"""What differs, as it is read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class ConflictRow:
    id: UUID
    store_id: UUID
    external_reference: str
    kind: str
    variant_id: UUID | None
    order_id: UUID | None
    stored_facts: str  #: JSON
    found_at: datetime
    settled_at: datetime | None
    note: str | None
