"""Consents as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class ConsentTextRow:
    """What is agreed to for a purpose."""

    purpose: str
    description: str
    version: int
    text: str
    published_at: datetime | None
    since: int  #: consents to earlier versions do not count any more


@dataclass(slots=True)
class ConsentRow:
    """Whether a member agrees to a purpose."""

    purpose: str
    description: str
    given: bool
    version: int | None
    at: datetime | None


@dataclass(slots=True)
class LocationRow:
    """The part of town that a member was last in."""

    member_id: UUID
    cell: int
    seen_at: datetime
    expires_at: datetime
