"""Who follows what in this process; they are woken by what is heard, and by what was not heard but stands there."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core import clock, notices, orders
from core.actors import system
from core.database import LOST
from core.errors import DomainError
from core.orders import OVERLAP, TooLongAway, Topic
from core.work import Work
from hexmart.live.operation import Operation
from tenants import Platform
from tenants.bulletin import News, milliseconds

LIVE = system("live")
MOST = 5_000  #: facts of a brand that are looked through for what was not heard
RETRY = 1.0  #: seconds
AWAY = (*LOST, SQLAlchemyError, DomainError)  #: the database does not answer just now
log = structlog.get_logger("live")


class Following:
    """Operations by tenant and topic. One statement finds the stores of the orders in a burst, for all who listen."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._topics: dict[str, dict[Topic, set[Operation]]] = {}
        self._heard: dict[str, dict[UUID, int]] = {}  #: when orders were last heard of, where anybody listens
        self._looked: dict[str, datetime] = {}  #: until when nothing can have been missed
        self._unplaced: dict[str, dict[UUID, int]] = defaultdict(dict)  #: orders whose stores are looked up
        self._placing: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return sum(len(some) for topics in self._topics.values() for some in topics.values())

    def add(self, operation: Operation) -> None:
        """Have it told of everything from here on."""
        assert operation.topic is not None
        if operation.slug not in self._topics:
            self._topics[operation.slug], self._heard[operation.slug] = {}, {}
            self._looked[operation.slug] = clock.now()
        self._topics[operation.slug].setdefault(operation.topic, set()).add(operation)

    def discard(self, operation: Operation) -> None:
        """Forget it, and the tenant if it was the last."""
        topics = self._topics.get(operation.slug, {})
        some = topics.get(operation.topic) if operation.topic is not None else None
        if some is None or operation not in some:
            return
        some.discard(operation)
        if not some:
            del topics[operation.topic]  # type: ignore[arg-type]  # it has one
        if not topics:
            for kept in (self._topics, self._heard, self._looked):
                kept.pop(operation.slug, None)

    def tenants(self) -> list[str]:
        """Where anybody listens."""
        return list(self._topics)

    def hear(self, payload: str) -> None:
        """Another process, or this one, says that something was told of orders."""
        slug = payload.partition(" ")[0]
        if slug not in self._topics:
            return
        with suppress(ValueError):  # another release says it in another way; what stands there is found all the same
            news = News.of(payload)
            self._wake(slug, dict.fromkeys(news.keys, news.at))

    def _wake(self, slug: str, changed: Mapping[UUID, int]) -> None:
        topics, now = self._topics[slug], milliseconds()
        self._heard[slug] |= dict.fromkeys(changed, now)
        for key, at in changed.items():
            for topic in (Topic(order_id=key), Topic(member_id=key)):
                for one in list(topics.get(topic, ())):
                    one.tell(key, at)
        if any(topic.store_id is not None for topic in topics):
            self._unplaced[slug] = {**changed, **self._unplaced[slug]}
            if self._placing is None or self._placing.done():
                self._placing = asyncio.get_running_loop().create_task(self._place())

    async def _place(self) -> None:
        """Tell those who follow stores, whose orders they are."""
        while self._unplaced:
            slug, changed = self._unplaced.popitem()
            try:
                stores = await self._stores(slug, changed)
            except AWAY as error:
                log.warning("a change has to wait", tenant=slug, error=type(error).__name__)
                self._unplaced[slug] = {**self._unplaced.get(slug, {}), **changed}
                await asyncio.sleep(RETRY)
                continue
            for order_id, store_id in ((order_id, store_id) for order_id, some in stores.items() for store_id in some):
                for one in list(self._topics.get(slug, {}).get(Topic(store_id=store_id), ())):
                    one.tell(order_id, changed[order_id])

    async def _stores(self, slug: str, order_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[UUID]]:
        async with self._reading(slug) as work:
            return await orders.stores_of(work, list(order_ids))

    async def missed(self, slug: str, topic: Topic, since: datetime) -> list[UUID]:
        """The orders of a store of which something was told since."""
        async with self._reading(slug) as work:
            told = await orders.told_since(work, since, store_id=topic.store_id)
        return list(dict.fromkeys(one.order_id for one in told))

    async def look(self, slug: str, *, lost: bool) -> None:
        """Tell what was not heard: a process may die between its COMMIT and its NOTIFY, or a connection be lost."""
        began, since = clock.now(), self._looked.get(slug)
        if since is None:
            return
        try:
            async with self._reading(slug) as work:
                told = await orders.told_since(work, since, most=MOST)
                inboxes = await notices.changed_since(work, since) if self._follows_inboxes(slug) else {}
        except TooLongAway:
            if lost:
                self._lose(slug)
            told, inboxes = [], {}
        if slug in self._topics:
            self._looked[slug] = began
            for one in {one.order_id: one for one in told}.values():  # of each order the latest
                topics = [Topic(order_id=one.order_id), *(Topic(store_id=store_id) for store_id in one.store_ids)]
                self._tell_unheard(slug, one.order_id, one.at, topics)
            for member_id, at in inboxes.items():
                self._tell_unheard(slug, member_id, at, [Topic(member_id=member_id)])
            old = int((began - 2 * OVERLAP).timestamp() * 1_000)
            self._heard[slug] = {order_id: at for order_id, at in self._heard[slug].items() if at > old}

    @asynccontextmanager
    async def _reading(self, slug: str) -> AsyncIterator[Work]:
        tenant = await self._platform.registry.by_slug(slug)
        async with self._platform.open_work(tenant, LIVE, read_only=True) as work:
            yield work

    def _follows_inboxes(self, slug: str) -> bool:
        return any(topic.member_id is not None for topic in self._topics.get(slug, ()))

    def _tell_unheard(self, slug: str, key: UUID, moment: datetime, topics: Iterable[Topic]) -> None:
        heard, at = self._heard[slug], int(moment.timestamp() * 1_000)
        if at <= heard.get(key, 0):
            return
        heard[key] = milliseconds()
        for operation in [one for topic in topics for one in self._topics[slug].get(topic, ())]:
            if at >= operation.began:
                operation.tell(key, at)

    def _lose(self, slug: str) -> None:
        """Too much may have happened: what an order or an inbox is can be told, what a store has missed cannot."""
        for topic, some in list(self._topics[slug].items()):
            for operation in list(some):
                if topic.one is not None:
                    operation.tell(topic.one, milliseconds())
                else:
                    operation.lose(TooLongAway())
