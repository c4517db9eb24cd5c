"""Facts about consents."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentGiven(Event):
    member_id: UUID
    purpose: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentWithdrawn(Event):
    member_id: UUID
    purpose: str
