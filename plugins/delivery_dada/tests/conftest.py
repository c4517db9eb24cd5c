"""A Dada of the test's own on a port of this machine, and a brand that it carries for."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from core import deliveries
from core.actors import system
from core.deliveries import ShipmentChargeRow, ShipmentEventRow, ShipmentRow
from hexmart.app import Application
from hexmart.simulators.dada import DadaSimulator
from hexmart.testing import Client, Enable, World
from hexmart.testing.loopback import served
from schema.relay import global_id, key_or_nothing
from tenants import Platform
from tests.core.deliveries.carriers import at
from tests.faults.audit import audit
from tests.schema.shop import Payload, act, buy_delivered, done, read

RunWorker = Callable[[], Awaitable[None]]


@dataclass(eq=False)
class Counter:
    """A store's counter, and the Dada that it calls."""

    platform: Platform
    world: World
    client: Client
    clerk: Client
    run_worker: RunWorker
    dada: DadaSimulator

    async def ready(self) -> Payload:
        order = await buy_delivered(self.client, self.world)
        for step in ("orderAccept", "orderReady"):
            done(await act(self.clerk, step, order), "order")
        return order

    async def call(self) -> tuple[Payload, str]:
        """An order for which Dada was called, and its id there."""
        order = await self.ready()
        done(await act(self.clerk, "orderDispatch", order, provider="dada"), "order")
        await self.settle()
        return order, str((await self.shipment(order)).id)

    async def settle(self) -> None:
        for _ in range(3):
            await self.run_worker()

    async def become(self, origin_id: str, status: int, **more: Any) -> bool:
        """Have Dada say so, and be asked."""
        heard = await self.dada.become(origin_id, status, **more)
        await self.settle()
        return heard

    async def cancel(self, shipment: ShipmentRow) -> None:
        wish = {"shipmentId": global_id("Shipment", shipment.id), "reason": "the buyer comes"}
        done(await self.clerk.do("shipmentCancel", wish, "shipment { id }"), "shipment")
        await self.settle()

    async def shipment(self, order: Payload) -> ShipmentRow:
        async with self.platform.open_work(self.world.tenant, system("test")) as work:
            return (await deliveries.of_orders(work, [key_or_nothing("Order", order["id"])]))[0][-1]

    async def charges(self, shipment: ShipmentRow) -> list[tuple[str, int]]:
        async with self.platform.open_work(self.world.tenant, system("test")) as work:
            found: list[ShipmentChargeRow] = (await deliveries.charges_of(work, [shipment.id]))[0]
        return [(one.kind, one.minor) for one in found]

    async def events(self, shipment: ShipmentRow) -> list[ShipmentEventRow]:
        async with self.platform.open_work(self.world.tenant, system("test")) as work:
            return (await deliveries.events_of(work, [shipment.id]))[0]

    async def status(self, order: Payload) -> str:
        return str((await read(self.client, order) or {})["status"])

    async def broken(self) -> dict[str, list[dict[str, object]]]:
        return await audit(self.platform, self.world.tenant)


@pytest.fixture
async def counter(
    application: Application,
    platform: Platform,
    world: World,
    client: Client,
    enable: Enable,
    run_worker: RunWorker,
) -> AsyncIterator[Counter]:
    """What Dada tells reaches the application without a network."""

    def calling() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://localhost")

    dada = DadaSimulator("app", "the secret of tests", "73753", {"shop-1": at(31.2314)}, calling)
    async with served(dada.application) as url:
        await enable(
            "delivery_dada",
            {"app_key": "app", "app_secret": "the secret of tests", "source_id": "73753", "host": url}
            | {"shops": {"S1": "shop-1"}},
        )
        clerk = await client.staff(world.email("clerk"))
        yield Counter(platform, world, client, clerk, run_worker, dada)
