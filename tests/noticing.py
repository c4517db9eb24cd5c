"""A plugin that tells members things by a channel of its own, and what tests say to them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from core import notices
from core.hooks import hookimpl
from core.notices import Letter, NoticeKind, Purpose, Telling, Variable, Words
from hexmart.testing import World
from tenants import Platform
from tests.ledgers import ACTOR

NEWS, OFFER = "gazette.news", "gazette.offer"
_WHAT = (Variable("what", "What it is about.", "tea"),)
_WORDS = {"en": Words("News", "Of {what}"), "zh": Words("新闻", "关于{what}")}


class Gazette:
    """A plugin with a channel that keeps what it is handed, or fails."""

    name = "gazette"

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.failing: list[BaseException] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    @hookimpl
    def register_notices(self) -> list[NoticeKind]:
        return [
            NoticeKind(code=NEWS, description="News.", words=_WORDS, variables=_WHAT),
            NoticeKind(code=OFFER, description="Offers.", words=_WORDS, variables=_WHAT, purpose=Purpose.MARKETING),
        ]

    @hookimpl
    def notice_channel(self) -> Any:
        return self

    async def deliver(self, letter: Letter) -> None:
        """Keep what is for a member."""
        if letter.member_id is None:
            return
        self.letters.append(letter)
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.failing:
            raise self.failing.pop()


async def tell(platform: Platform, world: World, *member_ids: UUID, code: str = NEWS, source: str = "1") -> None:
    """Tell members something in a transaction of its own."""
    tellings = [Telling(code=code, member_id=one, source=source, values={"what": "tea"}) for one in member_ids]
    async with platform.open_work(world.tenant, ACTOR) as work:
        await notices.tell(work, tellings)


async def statuses(platform: Platform, world: World, channel: str = "gazette") -> list[str]:
    """How the messages of a channel stand, the oldest first."""
    sql = "SELECT status FROM message WHERE tenant_id = $1 AND channel = $2 ORDER BY id"
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        return [row["status"] for row in await work.fetch(sql, channel)]
