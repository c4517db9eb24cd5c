"""A store's counter with one carrier, whose simulator listens on a port of this machine, and what is done at it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import httpx
import pytest

from core import deliveries
from core.actors import system
from core.deliveries import ShipmentChargeRow, ShipmentEventRow, ShipmentRow
from core.work import Works
from hexmart.app import Application
from hexmart.simulators.couriers import Carrier
from hexmart.testing import Client, Enable, World
from hexmart.testing.loopback import served
from schema.relay import global_id, key_or_nothing
from tenants import Platform
from tests.core.deliveries.carriers import at
from tests.faults.audit import audit
from tests.schema.shop import Payload, act, buy_delivered, done, read

RunWorker = Callable[[], Awaitable[None]]
Simulated = TypeVar("Simulated", bound=Carrier)
SECRET = "the secret of tests"
SHOPS = {"shop-1": at(31.2314)}


@dataclass(eq=False)
class Counter(Generic[Simulated]):
    platform: Platform
    world: World
    client: Client
    clerk: Client
    run_worker: RunWorker
    enable: Enable
    provider: str
    carrier: Simulated
    url: str

    @property
    def works(self) -> Works:
        return self.platform.works(self.world.tenant, system("test"))

    @property
    def plugin(self) -> str:
        return f"delivery_{self.provider}"

    async def ready(self) -> Payload:
        order = await buy_delivered(self.client, self.world)
        for step in ("orderAccept", "orderReady"):
            done(await act(self.clerk, step, order), "order")
        return order

    async def dispatch(self, order: Payload) -> None:
        done(await act(self.clerk, "orderDispatch", order, provider=self.provider), "order")
        await self.settle()

    async def call(self) -> tuple[Payload, str]:
        """An order that is to be carried, and its number there."""
        order = await self.ready()
        await self.dispatch(order)
        return order, str((await self.shipment(order)).id)

    async def set(self, settings: Mapping[str, object]) -> None:
        """Have the brand set something else for the carrier that listens here."""
        await self.enable(self.plugin, {**settings, "host": self.url})

    async def settle(self) -> None:
        for _ in range(3):
            await self.run_worker()

    async def become(self, key: str, status: int, **more: Any) -> bool:
        """Have the carrier say so, and be asked."""
        heard = await self.carrier.become(key, status, **more)
        await self.settle()
        return heard

    async def cancel(self, shipment: ShipmentRow) -> None:
        wish = {"shipmentId": global_id("Shipment", shipment.id), "reason": "the buyer comes"}
        done(await self.clerk.do("shipmentCancel", wish, "shipment { id }"), "shipment")
        await self.settle()

    async def tip(self, order: Payload, amount: str) -> None:
        shipment = global_id("Shipment", (await self.shipment(order)).id)
        wish = {"shipmentId": shipment, "amount": amount, "idempotencyKey": amount}
        done(await self.clerk.do("shipmentTip", wish, "shipment { id }"), "shipment")
        await self.settle()

    async def quotes(self, order: Payload) -> list[Payload]:
        asked = "query($id: ID!) { deliveryQuotes(orderId: $id) { provider fee { amount } minutes refusal } }"
        found: list[Payload] = (await self.clerk.run(asked, id=order["id"]))["deliveryQuotes"]
        return found

    async def shipment(self, order: Payload) -> ShipmentRow:
        async with self.works() as work:
            return (await deliveries.of_orders(work, [key_or_nothing("Order", order["id"])]))[0][-1]

    async def charges(self, shipment: ShipmentRow) -> list[tuple[str, int]]:
        async with self.works() as work:
            found: list[ShipmentChargeRow] = (await deliveries.charges_of(work, [shipment.id]))[0]
        return [(one.kind, one.minor) for one in found]

    async def events(self, shipment: ShipmentRow) -> list[ShipmentEventRow]:
        async with self.works() as work:
            return (await deliveries.events_of(work, [shipment.id]))[0]

    async def status(self, order: Payload) -> str:
        return str((await read(self.client, order) or {})["status"])

    async def broken(self) -> dict[str, list[dict[str, object]]]:
        return await audit(self.platform, self.world.tenant)

    async def address(self) -> str:
        """Where the carrier tells what happens."""
        async with self.works() as work:
            found = await deliveries.callback_url(work, self.provider)
        assert found is not None
        return found

    async def told(self, body: bytes, query: Mapping[str, str] | None = None, *, at: str = "") -> httpx.Response:
        """What is answered to somebody who tells something."""
        async with self.carrier.calling() as http:
            return await http.post(at or await self.address(), content=body, params=query or None)

    async def key(self, order: Payload) -> UUID:
        return (await self.shipment(order)).id


Counting = Callable[[str, Simulated, Mapping[str, object]], AbstractAsyncContextManager[Counter[Simulated]]]


@pytest.fixture
def calling(application: Application) -> Callable[[], httpx.AsyncClient]:
    """What a carrier tells reaches the application without a network."""

    def open_client() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://localhost")

    return open_client


@pytest.fixture
def counting(
    platform: Platform, world: World, client: Client, run_worker: RunWorker, enable: Enable
) -> Counting[Carrier]:
    """Open a counter with a carrier, which is set to these."""

    @asynccontextmanager
    async def opened(
        provider: str, carrier: Carrier, settings: Mapping[str, object]
    ) -> AsyncIterator[Counter[Carrier]]:
        async with served(carrier.application) as url:
            await enable(f"delivery_{provider}", {**settings, "host": url})
            clerk = await client.staff(world.email("clerk"))
            counter = Counter(platform, world, client, clerk, run_worker, enable, provider, carrier, url)
            carrier.callback = await counter.address()
            yield counter

    return opened
