"""Facts about notices."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageWritten(Event):
    """A message waits to be sent."""

    message_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxChanged(Event):
    """A member has another message, or has read some."""

    inbox_id: UUID  #: the member
