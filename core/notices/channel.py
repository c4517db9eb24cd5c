"""What a notice is, and the way it leaves the house."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from core.notices.wording import Words
from core.work import Works


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is to be told, who need not be a member."""

    template: str  #: the code of its kind: domain.what_happened
    recipient: str  #: a phone number in E.164, or an e-mail address
    values: Mapping[str, str]
    language: str | None = None  #: None: the brand's


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice in words, as channels are handed it."""

    template: str
    recipient: str | None  #: a phone number in E.164, or an e-mail address; None: the member is known by nothing but id
    values: Mapping[str, str]  #: for providers that keep the words themselves
    language: str
    words: Words
    member_id: UUID | None = None
    key: UUID | None = None  #: the same whenever the same message to a member is handed over again
    works: Works = field(repr=False)  #: of the brand, for what a channel keeps itself; never open while it waits


class NoticeChannel(Protocol):
    """A way to reach people; called outside any transaction, and perhaps twice for one notice."""

    @property
    def name(self) -> str: ...
    async def deliver(self, letter: Letter) -> None: ...
