"""The worker: delivers events to their subscribers and sweeps what is due, tenant by tenant."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import orjson
import structlog

from core import clock
from core.actors import system
from core.events import Outside, Subscription, Within, event_types, outbox
from core.events.outbox import Delivery
from core.jobs import Job
from hexmart.tracebacks import kind_of
from tenants import Platform, Tenant, clockwork
from tenants.doorbell import notify

IDLE = 5.0  #: seconds between two looks at every tenant; timers are due-columns, and a notification may be lost
PACE = 0.005  #: seconds of rest after each tenant: a thousand of them must not keep a core busy
LEASE = timedelta(minutes=2)  #: how long a subscriber may talk to a provider before another worker tries
log = structlog.get_logger("worker")


class Worker:
    """Runs until cancelled; any number of them may run, in any number of processes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._waiting: set[str] = set()
        self._rung = asyncio.Event()
        self._moved = asyncio.Event()
        self._swept: dict[tuple[str, str], float] = {}

    def ring(self, slug: str) -> None:
        """Say that a tenant has events."""
        self._waiting.add(slug)
        self._rung.set()

    def sweep_now(self) -> None:
        """Say that time has moved: anything may be due."""
        self._moved.set()

    async def run(self) -> None:
        """Work as long as the process lives."""
        await asyncio.gather(self._repeat(self._answer), self._repeat(self._look_round))

    async def _repeat(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do a step again and again; the loop must survive whatever a database or a provider does to it."""
        while True:
            try:
                await step()
            except Exception:
                log.exception("the worker stumbled")
                await asyncio.sleep(1)

    async def _answer(self) -> None:
        """Deliver the events of whoever has rung."""
        await self._rung.wait()
        self._rung.clear()
        slugs, self._waiting = self._waiting, set()
        for slug in sorted(slugs):
            await self.deliver(await self._platform.registry.by_slug(slug))

    async def _look_round(self) -> None:
        """Look at every tenant, at leisure; at once when the clock was moved, and then tell whoever waits for that."""
        try:
            await asyncio.wait_for(self._moved.wait(), IDLE)
        except TimeoutError:
            await self.sweep(pace=PACE)
            return
        self._moved.clear()
        self._swept.clear()
        offset = clock.offset_seconds()
        await self.sweep()
        await notify(self._platform.platform, clockwork.SWEPT, str(offset))

    async def sweep(self, *, pace: float = 0) -> None:
        """Run every tenant's jobs to their end, and deliver what is left over or due again."""
        for tenant in await self._platform.registry.active():
            for job in self._platform.hooks(tenant.plugins).jobs:
                if self._is_due(tenant, job):
                    await self.run_job(tenant, job)
            await self.deliver(tenant)
            await asyncio.sleep(pace)

    async def deliver(self, tenant: Tenant) -> None:
        """Deliver everything that waits at a tenant."""
        subscribers = self._platform.hooks(tenant.plugins).subscribers
        while await self._expand(tenant, subscribers):
            pass
        while True:
            async with self._platform.open_work(tenant, system("worker"), read_only=True) as work:
                waiting = await outbox.due(work)
            done = [await self._deliver(tenant, subscribers.get(one.subscriber), one) for one in waiting]
            if not any(done):
                return

    async def run_job(self, tenant: Tenant, job: Job) -> None:
        """Repeat a job's step until there is nothing left for it at a tenant."""
        while True:
            async with self._platform.open_work(tenant, system(job.name)) as work:
                if not await job.run(work):
                    return

    def _is_due(self, tenant: Tenant, job: Job) -> bool:
        """Whether so long has passed since the job last ran for the tenant; counts it as run."""
        now, key = asyncio.get_running_loop().time(), (tenant.slug, job.name)
        due = now - self._swept.get(key, float("-inf")) >= job.every.total_seconds()
        if due:
            self._swept[key] = now
        return due

    async def _expand(self, tenant: Tenant, subscribers: Mapping[str, Subscription]) -> int:
        listening: dict[str, list[str]] = {}
        for name, subscriber in subscribers.items():
            listening.setdefault(subscriber.event.name, []).append(name)
        async with self._platform.open_work(tenant, system("worker")) as work:
            return await outbox.expand(work, listening)

    async def _deliver(self, tenant: Tenant, subscriber: Subscription | None, delivery: Delivery) -> bool:
        """Deliver one event to one subscriber; says whether anything came of it."""
        try:
            match subscriber:
                case Within():
                    return await self._within(tenant, subscriber, delivery)
                case Outside():
                    return await self._outside(tenant, subscriber, delivery)
            raise LookupError("nobody of that name listens here any more")
        except Exception as error:  # a subscriber may fail in any way; it is tried again and never stops the others
            log.warning("a subscriber failed", tenant=tenant.slug, subscriber=delivery.subscriber, exc_info=error)
            async with self._platform.open_work(tenant, system("worker")) as work:
                await outbox.mark_failed(work, delivery, kind_of(error))
            return True

    async def _within(self, tenant: Tenant, subscriber: Within, delivery: Delivery) -> bool:
        async with self._platform.open_work(tenant, system(subscriber.name)) as work:
            if not await outbox.claim(work, delivery):
                return False
            await subscriber.handler(work, _event(delivery))
            await outbox.mark_done(work, delivery)
        return True

    async def _outside(self, tenant: Tenant, subscriber: Outside, delivery: Delivery) -> bool:
        actor = system(subscriber.name)
        async with self._platform.open_work(tenant, actor) as work:
            if not await outbox.lease(work, delivery, clock.now() + LEASE):
                return False
        await subscriber.handler(self._platform.works(tenant, actor), _event(delivery))
        async with self._platform.open_work(tenant, actor) as work:
            await outbox.mark_done(work, delivery)
        return True


def _event(delivery: Delivery) -> object:
    return event_types()[delivery.name].of(orjson.loads(delivery.payload))
