"""Notices as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.notices.kind import Variable


@dataclass(slots=True)
class TemplateRow:
    """The words of a kind of notice in one language."""

    code: str
    description: str
    purpose: str
    language: str
    title: str
    body: str
    own: bool
    set_at: datetime | None
    variables: Sequence[Variable]


@dataclass(slots=True)
class MessageRow:
    """A message in a member's inbox."""

    id: UUID
    member_id: UUID
    kind: str
    purpose: str
    sealed_content: bytes
    subject_type: str | None
    subject_id: UUID | None
    at: datetime
    read_at: datetime | None
