"""The rounds of the worker: who has rung, what is due at which tenant, and whose errand that is."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.actors import system
from core.database import LOST
from core.events import Subscription, outbox
from core.jobs import Job
from hexmart.worker.care import Care, Part
from hexmart.worker.deliveries import Deliveries
from hexmart.worker.lanes import Errand, Lanes, by_lane
from hexmart.worker.sweeping import Sweeping
from tenants import Platform, Tenant, TenantUnknown, clockwork
from tenants.doorbell import notify

IDLE = 5.0  #: seconds between two looks at every tenant; timers are due-columns, and a notification may be lost
PACE = 0.005  #: seconds of rest after each tenant: a thousand of them must not keep a core busy
EXPANSIONS = 5  #: batches of one tenant's new events, before others have their turn
SETTLING = 25.0  #: seconds that whoever has moved the clock waits for what hangs
PASSES = 5  #: looks at every tenant after the clock was moved: what is done leads to more
_AWAY = (*LOST, asyncpg.PostgresConnectionError, SQLAlchemyError)
log = structlog.get_logger("worker")


class Worker:
    """Runs until cancelled; any number of them may run, in any number of processes."""

    def __init__(self, platform: Platform) -> None:
        self.care = Care()
        self._platform = platform
        self._deliveries = Deliveries(platform, self.care)
        self._sweeping = Sweeping(platform, self.care)
        self._lanes = Lanes(self._visit)
        self._waiting: set[str] = set()
        self._rung = asyncio.Event()
        self._moved = asyncio.Event()

    def ring(self, slug: str) -> None:
        """Say that a tenant has events."""
        self._waiting.add(slug)
        self._rung.set()

    def sweep_now(self) -> None:
        """Say that time has moved: anything may be due."""
        self._moved.set()

    async def run(self) -> None:
        """Work as long as the process lives."""
        try:
            await asyncio.gather(self._repeat(self._answer), self._repeat(self._look_round))
        finally:
            await self._lanes.close()

    async def _repeat(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do a step again and again; the loop must survive whatever a database or a provider does to it."""
        while True:
            try:
                await step()
            except Exception:
                log.exception("the worker stumbled")
                await asyncio.sleep(1)

    async def _answer(self) -> None:
        """Deliver the events of whoever has rung; who has very many rings again, behind the others."""
        await self._rung.wait()
        self._rung.clear()
        slugs, self._waiting = self._waiting, set()
        for slug in sorted(slugs):
            with suppress(TenantUnknown):
                tenant = await self._platform.registry.by_slug(slug)
                if not tenant.suspended:  # its events wait: nothing of a plugin runs there, and none of them is lost
                    await self._look(tenant, [])

    async def _look_round(self) -> None:
        """Look at every tenant, at leisure; at once when the clock was moved, and then tell whoever waits for that."""
        try:
            await asyncio.wait_for(self._moved.wait(), IDLE)
        except TimeoutError:
            await self.sweep(pace=PACE)
            return
        self._moved.clear()
        offset = clock.offset_seconds()
        await self.catch_up()
        await notify(self._platform.platform, clockwork.SWEPT, str(offset))

    async def catch_up(self) -> None:
        """Do everything that is due everywhere, as far as it comes to an end soon."""
        self._sweeping.all_at_once()
        for _ in range(PASSES):
            found = await self.sweep()
            await self._lanes.settled(SETTLING)
            if not found:
                return

    async def sweep(self, *, pace: float = 0) -> int:
        """Look at every tenant for what is due; returns how many errands that makes."""
        errands = 0
        for tenant in await self._platform.registry.active():
            errands += await self._look(tenant, self._sweeping.timed(tenant))
            await asyncio.sleep(pace)
        return errands

    async def deliver(self, tenant: Tenant) -> None:
        """Deliver everything that waits at a tenant, now."""
        while (await self._deliveries.expand(tenant)).events:
            pass
        parts = _lanes_of(self._platform.hooks(tenant.plugins).subscribers.values())
        async with asyncio.TaskGroup() as group:
            for errand in by_lane(tenant, parts).values():
                group.create_task(self._finish(errand))

    async def run_job(self, tenant: Tenant, job: Job) -> None:
        """Repeat a job's step until there is nothing left for it at a tenant, now."""
        while not await self._sweeping.repeat(tenant, job):
            pass

    async def _look(self, tenant: Tenant, timed: Sequence[Job]) -> int:
        """Queue what is due at a tenant; whatever is wrong with one tenant, the others are looked at."""
        try:
            errands = await self._found(tenant, timed)
        except _AWAY:
            raise
        except Exception as error:
            log.warning("a tenant cannot be looked at", tenant=tenant.slug, exc_info=error)
            return 0
        for lane, errand in errands.items():
            self._lanes.add(lane, errand)
        return len(errands)

    async def _found(self, tenant: Tenant, timed: Sequence[Job]) -> dict[str, Errand]:
        """What is due at a tenant, by lane; where nothing is, one transaction that reads has found that out."""
        subscribers = self._platform.hooks(tenant.plugins).subscribers
        async with self._platform.open_work(tenant, system("worker"), read_only=True) as work:
            waiting = await outbox.waiting(work, list(subscribers))
            jobs = await self._sweeping.due(work, tenant, timed)
        if jobs is None:
            jobs = await self._sweeping.due_one_by_one(tenant, timed)
        heard = set(waiting.subscribers)
        if waiting.new_events:
            heard |= await self._expand(tenant)
        called = [subscribers[name] for name in heard if name in subscribers]
        return by_lane(tenant, _lanes_of([*jobs, *called]))

    async def _expand(self, tenant: Tenant) -> set[str]:
        """Turn new events into deliveries; returns for whom."""
        heard: set[str] = set()
        for _ in range(EXPANSIONS):
            expansion = await self._deliveries.expand(tenant)
            heard |= expansion.subscribers
            if not expansion.events:
                return heard
        self.ring(tenant.slug)
        return heard

    async def _visit(self, errand: Errand) -> bool:
        """Go on an errand."""
        for job in errand.jobs.values():
            await self._sweeping.run(errand.tenant, job)
        return await self._deliveries.visit(errand.tenant, errand.subscribers)

    async def _finish(self, errand: Errand) -> None:
        while await self._visit(errand):
            pass


def _lanes_of(parts: Iterable[Job | Subscription]) -> Iterator[tuple[str, Job | Subscription]]:
    for part in parts:
        function = part.run if isinstance(part, Job) else part.handler
        yield Part.of(part.name, function).lane, part
