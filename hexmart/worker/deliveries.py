"""Delivering events: each to each of its subscribers, in a transaction or around a provider's answer."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta

import orjson
import structlog

from core import clock, events
from core.actors import system
from core.events import Event, Hopeless, Outside, Subscription, Within, outbox
from core.events.outbox import Delivery, Expansion, Listener
from core.extensions import plugin_of
from hexmart.tracebacks import kind_of
from hexmart.worker.care import BUDGET, Care, Part, in_time
from tenants import Platform, Tenant

LEASE = timedelta(minutes=2)  #: after which another worker tries, should this one have died
AROUND_PROVIDER = 110.0  #: seconds that a subscriber has for a provider: less than the lease
VISIT = 30.0  #: seconds; then other tenants have their turn
log = structlog.get_logger("worker")
Subscribers = Mapping[str, Subscription]


class Deliveries:
    """Deliveries of one process; what they come to, `care` knows."""

    def __init__(self, platform: Platform, care: Care) -> None:
        self._platform = platform
        self._care = care

    async def expand(self, tenant: Tenant) -> Expansion:
        """Turn a batch of new events into deliveries."""
        listening: dict[str, list[Listener]] = {}
        for name, one in self._platform.hooks(tenant.plugins).subscribers.items():
            listener = Listener(name, plugin_of(one.handler.__module__))
            listening.setdefault(one.event.name, []).append(listener)
        async with self._platform.open_work(tenant, system("worker")) as work:
            return await outbox.expand(work, listening)

    async def visit(self, tenant: Tenant, subscribers: Subscribers) -> bool:
        """Deliver a share of what is due to each; says whether anything came of it, so that there may be more."""
        until = asyncio.get_running_loop().time() + VISIT
        done = False
        for delivery in await self._due(tenant, subscribers):
            done |= await self._deliver(tenant, subscribers[delivery.subscriber], delivery)
            if asyncio.get_running_loop().time() > until:
                break
        return done

    async def _due(self, tenant: Tenant, subscribers: Subscribers) -> Iterable[Delivery]:
        listening = [name for name, one in subscribers.items() if not self._care.rests(tenant, _part(one))]
        if not listening:
            return ()
        async with self._platform.open_work(tenant, system("worker"), read_only=True) as work:
            return await outbox.due(work, listening)

    async def _deliver(self, tenant: Tenant, subscriber: Subscription, delivery: Delivery) -> bool:
        """Deliver one event to one subscriber; says whether anything came of it."""
        part = _part(subscriber)
        if not self._care.admits(tenant, part):
            return False
        held = delivery if isinstance(subscriber, Within) else delivery._replace(due_at=clock.now() + LEASE)
        try:
            match subscriber:
                case Within():
                    done = await self._within(tenant, subscriber, part, held)
                case Outside():
                    done = await self._outside(tenant, subscriber, part, held)
        except Exception as error:  # a subscriber may fail in any way; it is tried again and never stops the others
            log.warning("a subscriber failed", tenant=tenant.slug, subscriber=part.name, exc_info=error)
            await self._failed(tenant, part, held, error)
            return True
        if done:
            self._care.succeeded(tenant, part, "delivered")
        return done

    async def _within(self, tenant: Tenant, subscriber: Within, part: Part, delivery: Delivery) -> bool:
        async with self._care.turn(part), self._platform.open_work(tenant, system(part.name)) as work:
            if not await outbox.claim(work, delivery):
                return False
            await in_time(part, BUDGET, subscriber.handler, work, _event(delivery))
            await outbox.mark_done(work, delivery)
        return True

    async def _outside(self, tenant: Tenant, subscriber: Outside, part: Part, delivery: Delivery) -> bool:
        actor = system(part.name)
        async with self._platform.open_work(tenant, actor) as work:
            if not await outbox.lease(work, delivery, delivery.due_at):
                return False
        await in_time(part, AROUND_PROVIDER, subscriber.handler, self._platform.works(tenant, actor), _event(delivery))
        async with self._platform.open_work(tenant, actor) as work:
            await outbox.mark_done(work, delivery)
        return True

    async def _failed(self, tenant: Tenant, part: Part, delivery: Delivery, error: Exception) -> None:
        """Put a delivery off, or bury it; where not even that can be written, the database is away."""
        hopeless = isinstance(error, Hopeless)
        async with self._platform.open_work(tenant, system("worker")) as work:
            dead = await outbox.mark_failed(work, delivery, kind_of(error), hopeless=hopeless)
        self._care.failed(tenant, part, "dead" if dead else "failed", error)


def _part(subscriber: Subscription) -> Part:
    return Part.of(subscriber.name, subscriber.handler)


def _event(delivery: Delivery) -> Event:
    return events.read(delivery.name, orjson.loads(delivery.payload))
