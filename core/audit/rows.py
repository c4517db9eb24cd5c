"""Entries as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class AuditEntry:
    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str  #: of a part of the system
    on_behalf_of: UUID | None
    address: str
    request_id: str
    action: str
    subject_type: str
    subject_id: UUID | None
    store_id: UUID | None
    before: str | None  #: JSON
    after: str | None  #: JSON
