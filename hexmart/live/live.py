"""The connections of this process that stay: let in, told, looked after, and ended."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import structlog

from core.errors import DomainError, LimitReached
from hexmart.callers import Callers
from hexmart.live.caller import Caller
from hexmart.live.following import AWAY, RETRY, Following
from hexmart.live.limits import LiveLimits, Rooms
from hexmart.live.turns import Turns
from hexmart.origins import Origins
from schema.context import Info
from schema.engine import Engine
from tenants import Platform
from tenants.changes import WHOLE, Change
from tenants.standings import DECISIVE

GRACE = 0.1  #: seconds after which a token has ended by any clock
FEW = 100  #: connections that are looked at in one round of the event loop
EVERY = 10.0  #: seconds after which to look for what was not heard
log = structlog.get_logger("live")


class Link(Protocol):
    """A connection whose caller is known."""

    @property
    def caller(self) -> Caller: ...

    async def end(self, refusal: DomainError | None) -> None:
        """Close it; without a refusal it is the server that ends."""


class Live:
    """A subscriber of Changes: what decides about access is a reason to look whether somebody is let in still."""

    def __init__(
        self, platform: Platform, engine: Engine, callers: Callers, origins: Origins, limits: LiveLimits, at_once: int
    ) -> None:
        self.engine = engine
        self.callers = callers
        self.origins = origins
        self.limits = limits
        self.turns = Turns(at_once)
        self.following = Following(platform)
        self.rooms = Rooms(limits)
        self.results = 0
        self.delay = 0.0  #: seconds, of all results together: from the commit until it was handed over
        self.unnamed = 0  #: connections whose caller is not known yet
        self.closing = False
        self._links: dict[str, set[Link]] = {}  #: by tenant
        self._looking: dict[str, bool] = {}  #: tenants whose connections are looked at, and whether once more
        self._gap = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        platform.changes.subscribe(self)
        platform.bulletin.heard = self.following.hear

    @contextmanager
    def joined(self, link: Link, info: Info) -> Iterator[None]:
        """Be one of the connections for as long as the block lasts; the token that came with it ends it."""
        slug, left = info.tenant.slug, link.caller.seconds_left()
        self._links.setdefault(slug, set()).add(link)
        loop = asyncio.get_running_loop()
        timer = None if left is None else loop.call_later(left + GRACE, lambda: self._spawn(self._check(link)))
        try:
            with self.rooms.taken(info):
                yield
        finally:
            if timer is not None:
                timer.cancel()
            self._links[slug].discard(link)
            if not self._links[slug]:
                del self._links[slug]

    def require_open(self) -> None:
        """Turn away whoever comes while the server ends."""
        if self.closing:
            raise LimitReached(reason="This server is about to end: come again, and another one answers.")

    def told(self, milliseconds: int) -> None:
        """A result was handed over, so long after what it tells of."""
        self.results += 1
        self.delay += max(milliseconds, 0) / 1_000

    def drop(self, change: Change) -> None:
        """Somebody may have lost what they may do, or have signed out, or the whole brand is not what it was."""
        if WHOLE in change.tables or not DECISIVE.isdisjoint(change.tables):
            self._look_at(change.slug)

    def clear(self) -> None:
        """Anything may have happened unheard."""
        self._gap.set()
        for slug in list(self._links):
            self._look_at(slug)

    async def run(self) -> None:
        """Look for what was not heard, now and then and after a gap, until cancelled."""
        while True:
            lost = await self._waited()
            self._gap.clear()
            for slug in self.following.tenants():
                try:
                    await self.following.look(slug, lost=lost)
                except AWAY as error:
                    log.warning("what was not heard cannot be looked for", error=type(error).__name__)
                    if lost:
                        self._gap.set()
                    await asyncio.sleep(RETRY)

    async def _waited(self) -> bool:
        try:
            async with asyncio.timeout(EVERY):
                return await self._gap.wait()
        except TimeoutError:
            return False

    def end(self) -> None:
        """Have every connection end well: the server waits for them."""
        self.closing = True
        for links in self._links.values():
            for link in links:
                self._spawn(link.end(None))

    def _look_at(self, slug: str) -> None:
        """Have a tenant's connections looked at one after the other, however often there is a reason to."""
        if slug in self._looking:
            self._looking[slug] = True
        elif slug in self._links:
            self._spawn(self._look_at_all(slug))

    async def _look_at_all(self, slug: str) -> None:
        again = True
        while again:
            self._looking[slug] = False
            for number, link in enumerate(list(self._links.get(slug, ()))):
                await self._check(link)
                if number % FEW == 0:
                    await asyncio.sleep(0)  # what is remembered waits for nothing
            again = self._looking.pop(slug)
            if again:
                self._looking[slug] = False
                await asyncio.sleep(RETRY)

    async def _check(self, link: Link) -> None:
        """End a connection whose caller is not let in any more."""
        try:
            refusal = await link.caller.refusal()
        except AWAY:  # which is asked again for whatever is told to them
            return
        if refusal is not None:
            self._spawn(link.end(refusal))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
