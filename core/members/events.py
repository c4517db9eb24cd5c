"""Facts about members."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberJoined(Event):
    member_id: UUID
