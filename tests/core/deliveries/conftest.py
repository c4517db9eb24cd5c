"""A brand with two who deliver, an order that is ready, and what is done with both."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core import deliveries, rulebook
from core.actors import system
from core.deliveries import Heard, Report, ShipmentChargeRow, ShipmentEventRow, ShipmentRow, State
from core.rulebook import Wanted
from core.work import Works
from hexmart.testing import Client, UsePlugins, World
from schema.relay import key_or_nothing
from tenants import Platform
from tests.core.deliveries.carriers import Carrier, told
from tests.faults.audit import audit
from tests.schema.shop import Payload, act, buy_delivered, done, read

RunWorker = Callable[[], Awaitable[None]]


@dataclass(eq=False)
class Desk:
    """A store's desk, from which couriers are called."""

    platform: Platform
    world: World
    client: Client
    clerk: Client
    run_worker: RunWorker
    move_clock: Callable[[timedelta], Awaitable[None]]
    ant: Carrier
    bee: Carrier
    made: list[Payload] = field(default_factory=list)

    @property
    def works(self) -> Works:
        return self.platform.works(self.world.tenant, system("test"))

    async def rule(self, key: str, value: object) -> None:
        async with self.works() as work:
            await rulebook.decide(work, Wanted(key=key, value=value))
        await self.platform.tell_changed(self.world.tenant.slug)
        self.world.tenant = await self.platform.registry.by_slug(self.world.tenant.slug)

    async def ready(self) -> Payload:
        """An order that waits for a courier."""
        order = await buy_delivered(self.client, self.world)
        for step in ("orderAccept", "orderReady"):
            done(await act(self.clerk, step, order), "order")
        return order

    async def call(self, order: Payload, provider: str | None = None) -> None:
        """Somebody is called, and everybody has answered."""
        if provider is not None:
            done(await act(self.clerk, "orderDispatch", order, provider=provider), "order")
        await self.settle()

    async def settle(self) -> None:
        for _ in range(4):
            await self.run_worker()

    async def pass_time(self, minutes: float) -> None:
        await self.move_clock(timedelta(minutes=minutes))
        await self.settle()

    async def shipments(self, order: Payload) -> list[ShipmentRow]:
        async with self.works() as work:
            return (await deliveries.of_orders(work, [self.key(order)]))[0]

    async def states(self, order: Payload) -> dict[str, str]:
        return {one.provider: one.state for one in await self.shipments(order)}

    async def of(self, order: Payload, provider: str) -> ShipmentRow:
        return [one for one in await self.shipments(order) if one.provider == provider][-1]

    async def hear(self, order: Payload, provider: str, state: State, **more: Any) -> Heard:
        shipment = await self.of(order, provider)
        return await deliveries.hear(self.works, provider, told(shipment.id, state, **more))

    async def hear_report(self, provider: str, report: Report) -> Heard:
        return await deliveries.hear(self.works, provider, report)

    async def charges(self, shipment: ShipmentRow) -> list[tuple[str, int]]:
        async with self.works() as work:
            found: list[ShipmentChargeRow] = (await deliveries.charges_of(work, [shipment.id]))[0]
        return [(one.kind, one.minor) for one in found if one.status == "BOOKED"]

    async def events(self, shipment: ShipmentRow) -> list[ShipmentEventRow]:
        async with self.works() as work:
            return (await deliveries.events_of(work, [shipment.id]))[0]

    async def value(self, sql: str, *arguments: object) -> Any:
        async with self.works() as work:
            return await work.value(sql, *arguments)

    async def status(self, order: Payload) -> str:
        found = await read(self.client, order)
        assert found is not None
        return str(found["status"])

    async def timeline(self, order: Payload) -> list[tuple[str, str | None]]:
        found = await read(self.client, order)
        assert found is not None
        return [(event["name"], event["note"]) for event in found["timeline"]]

    async def broken(self) -> dict[str, list[dict[str, object]]]:
        return await audit(self.platform, self.world.tenant)

    def key(self, order: Payload) -> UUID:
        return key_or_nothing("Order", order["id"])


@pytest.fixture
async def desk(
    platform: Platform,
    world: World,
    client: Client,
    run_worker: RunWorker,
    move_clock: Callable[[timedelta], Awaitable[None]],
    use_plugins: UsePlugins,
) -> Desk:
    """The ant takes 8.00 and half an hour, the bee 9.00 and twenty minutes."""
    ant, bee = Carrier("ant"), Carrier("bee", fee=900, minutes=20)
    await use_plugins(ant=ant, bee=bee)
    clerk = await client.staff(world.email("clerk"))
    return Desk(platform, world, client, clerk, run_worker, move_clock, ant, bee)
