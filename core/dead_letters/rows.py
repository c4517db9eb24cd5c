"""Dead letters as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class DeadLetter:
    id: UUID
    event: str
    at: datetime
    subscriber: str
    plugin: str | None  #: None: core's own
    attempts: int
    error: str  #: the kind of exception, without its words
    died_at: datetime
    payload: str  #: JSON
