"""What a notice is, and the way it leaves the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    template: str  #: domain.what_happened
    recipient: str  #: a phone number in E.164, or an e-mail address
    values: Mapping[str, str]


class NoticeChannel(Protocol):
    """A way to reach people; called outside any transaction, and perhaps twice for one notice."""

    @property
    def name(self) -> str: ...
    async def deliver(self, notice: Notice) -> None: ...
