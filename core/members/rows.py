"""Members as they are read."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True)
class MemberRow:
    id: UUID
    sealed_phone: bytes
    sealed_name: bytes | None
    tier: str | None
