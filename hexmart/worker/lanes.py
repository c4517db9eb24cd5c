"""Errands at tenants, queued in a lane for each plugin and each domain of core: none waits for another's."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import structlog

from core.events import Subscription
from core.jobs import Job
from tenants import Tenant

WIDTH = 8  #: tenants that a lane is at, at once
log = structlog.get_logger("worker")


@dataclass(slots=True)
class Errand:
    """What one lane has to do at a tenant."""

    tenant: Tenant
    jobs: dict[str, Job] = field(default_factory=dict)
    subscribers: dict[str, Subscription] = field(default_factory=dict)

    def join(self, other: "Errand") -> None:
        """Do another's as well."""
        self.tenant = other.tenant
        self.jobs |= other.jobs
        self.subscribers |= other.subscribers


@dataclass(slots=True)
class _Lane:
    waiting: dict[int, Errand] = field(default_factory=dict)  #: by tenant, who has waited longest first
    visited: set[int] = field(default_factory=set)  #: tenants that it is at just now
    walkers: int = 0

    def next(self) -> Errand | None:
        """Whoever has waited longest, if the lane is not there already."""
        found = next((tenant for tenant in self.waiting if tenant not in self.visited), None)
        return None if found is None else self.waiting.pop(found)


class Lanes:
    """Everybody's errands; `visit` goes on one, and says whether there may be more to do of the same."""

    def __init__(self, visit: Callable[[Errand], Awaitable[bool]]) -> None:
        self._visit = visit
        self._lanes: dict[str, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, name: str, errand: Errand) -> None:
        """Queue an errand; it joins one at the same tenant that has not begun."""
        lane = self._lanes.setdefault(name, _Lane())
        known = lane.waiting.setdefault(errand.tenant.id, errand)
        if known is not errand:
            known.join(errand)
        if lane.walkers < WIDTH and errand.tenant.id not in lane.visited:
            lane.walkers += 1
            task = asyncio.create_task(self._walk(lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settled(self, seconds: float) -> None:
        """Wait until nothing is left to do, or for so long."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    async def close(self) -> None:
        """Leave everything as it is."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _walk(self, lane: _Lane) -> None:
        try:
            while (errand := lane.next()) is not None:
                await self._go(lane, errand)
        finally:
            lane.walkers -= 1

    async def _go(self, lane: _Lane, errand: Errand) -> None:
        """Go on an errand; what is left of it waits behind everybody else's."""
        tenant = errand.tenant.id
        lane.visited.add(tenant)
        try:
            more = await self._visit(errand)
        except Exception as error:  # the next round finds what is left
            log.warning("an errand failed", tenant=errand.tenant.slug, exc_info=error)
            more = False
        finally:
            lane.visited.discard(tenant)
        if more:
            rest = Errand(errand.tenant, subscribers=errand.subscribers)
            known = lane.waiting.pop(tenant, rest)
            known.subscribers |= errand.subscribers
            lane.waiting[tenant] = known


def by_lane(tenant: Tenant, parts: Iterator[tuple[str, Job | Subscription]]) -> dict[str, Errand]:
    """The errands at a tenant that jobs and subscribers make, by lane."""
    found: dict[str, Errand] = {}
    for lane, part in parts:
        errand = found.setdefault(lane, Errand(tenant))
        if isinstance(part, Job):
            errand.jobs[part.name] = part
        else:
            errand.subscribers[part.name] = part
    return found
