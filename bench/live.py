"""Following orders: a thousand listeners on one process, what each costs, and how soon they hear of a commit."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from uuid import UUID

import orjson
import psutil
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench.client import Unexpected
from bench.data import HOME
from bench.machine import pin, stolen
from bench.measuring import percentile
from bench.servers import HEXMART, served
from bench.stage import environment
from core.actors import system
from core.ids import new_id
from core.orders import OrderStatusChanged
from core.work import Work
from hexmart.assembly import assemble
from hexmart.databases import Databases, available, migrate
from hexmart.settings import Settings
from schema.relay import global_id
from tenants import NewTenant, Platform, Tenant, create

LISTENERS = 1_000
CHANGES, APART = 400, 0.05  #: one order at a time, so many seconds apart
BURSTS = 5  #: all orders at once
AT_ONCE = 50  #: that connect at the same moment
PATIENCE = 60.0
FOLLOW = "subscription($id: ID!) { orderUpdated(id: $id) { id status note totals { payable { amount } } } }"
STORE = """
INSERT INTO store (tenant_id, id, code, name, name_en, city, address, latitude, longitude, hours, rating, fulfilments)
SELECT $1, $2, 'S1', 'S1', 'S1', 'S1', 'S1', 31, 121, '[]', 4, '{PICKUP}'
"""
ORDERS = """
INSERT INTO sales_order (tenant_id, id, number, store_id, kind, status, payment_status, currency, items, discounts,
    delivery, points, payable, placed_at)
SELECT $1, o.id, o.id::text, $2, 'PICKUP', 'PAID', 'CAPTURED', 'CNY', 100, 0, 0, 0, 100, app_now()
FROM unnest($3::uuid[]) AS o(id)
"""
CHANGE = "UPDATE sales_order SET note = $3 WHERE tenant_id = $1 AND id = any($2::uuid[])"


class Listener:
    """Somebody who follows one order, and remembers when they were told what."""

    def __init__(self, socket: ClientConnection, order_id: UUID) -> None:
        self.order_id = order_id
        self.heard: dict[str, float] = {}  #: when, by what stood in the note
        self._socket = socket

    async def follow(self) -> None:
        """Begin, and hear what the order is."""
        await self._say(type="connection_init")
        await self._socket.recv()
        variables = {"id": global_id("Order", self.order_id)}
        await self._say(type="subscribe", id="1", payload={"query": FOLLOW, "variables": variables})
        self._take(await self._socket.recv())

    async def listen(self) -> None:
        """Until it is closed."""
        async for message in self._socket:
            self._take(message)

    def _take(self, message: str | bytes) -> None:
        told = orjson.loads(message)
        if told["type"] != "next" or "errors" in told["payload"]:
            raise Unexpected(told)
        self.heard[told["payload"]["data"]["orderUpdated"]["note"] or ""] = perf_counter()

    async def _say(self, **message: object) -> None:
        await self._socket.send(orjson.dumps(message).decode())


@asynccontextmanager
async def listening(port: int, brand: str, order_ids: Sequence[UUID]) -> AsyncIterator[list[Listener]]:
    """A connection for each order, for as long as the block lasts."""
    async with AsyncExitStack() as stack:
        found: list[Listener] = []
        for first in range(0, len(order_ids), AT_ONCE):
            some = order_ids[first : first + AT_ONCE]
            sockets = await asyncio.gather(*(_connected(stack, port, brand) for _ in some))
            made = [Listener(socket, order_id) for socket, order_id in zip(sockets, some, strict=True)]
            await asyncio.gather(*(one.follow() for one in made))
            found += made
        tasks = [asyncio.create_task(one.listen()) for one in found]
        yield found
        for task in tasks:
            task.cancel()


async def _connected(stack: AsyncExitStack, port: int, brand: str) -> ClientConnection:
    protocols, headers = [Subprotocol("graphql-transport-ws")], {"X-Tenant": brand}
    return await stack.enter_async_context(
        connect(
            f"ws://127.0.0.1:{port}/graphql",
            subprotocols=protocols,
            additional_headers=headers,
            compression=None,
            ping_interval=None,
        )
    )


async def change(platform: Platform, brand: Tenant, some: Sequence[Listener], store_id: UUID) -> list[float]:
    """Change the orders of these in one transaction; seconds from its commit until each of them heard."""
    mark = secrets.token_hex(6)
    async with platform.open_work(brand, system("bench")) as work:
        await work.execute(CHANGE, [one.order_id for one in some], mark)
        for one in some:
            work.emit(OrderStatusChanged(order_id=one.order_id, store_id=store_id, status="NOTED"))
    committed = perf_counter()
    async with asyncio.timeout(PATIENCE):
        while any(mark not in one.heard for one in some):  # noqa: ASYNC110 - a thousand of them set no event
            await asyncio.sleep(0.002)
    return [one.heard.pop(mark) - committed for one in some]


async def _brand(platform: Platform) -> tuple[Tenant, UUID, list[UUID]]:
    """A new brand with a store and an order of a guest for each listener."""
    slug = f"live-{secrets.token_hex(4)}"
    brand = await create(platform, NewTenant(slug, slug, f"owner@{slug}.example", plan="demo"), system("bench"))
    store_id, order_ids = new_id(), [new_id() for _ in range(LISTENERS)]
    async with platform.open_work(brand, system("bench")) as work:
        await _write(work, store_id, order_ids)
    return brand, store_id, order_ids


async def _write(work: Work, store_id: UUID, order_ids: Sequence[UUID]) -> None:
    await work.execute(STORE, store_id)
    await work.execute(ORDERS, store_id, list(order_ids))


async def _measured(platform: Platform, port: int, pid: int) -> dict[str, object]:
    brand, store_id, order_ids = await _brand(platform)
    async with listening(port, brand.slug, order_ids[:AT_ONCE]):  # the first of their kind cost more
        pass
    before = psutil.Process(pid).memory_info().rss
    async with listening(port, brand.slug, order_ids) as found:
        each = (psutil.Process(pid).memory_info().rss - before) / len(found)
        alone: list[float] = []
        for number in range(CHANGES):
            alone += await change(platform, brand, [found[number * 7 % len(found)]], store_id)
            await asyncio.sleep(APART)
        together = [delay for _ in range(BURSTS) for delay in await change(platform, brand, found, store_id)]
    return {
        "bench": "live",
        "listeners": len(order_ids),
        "kilobytes_each": round(each / 1_024, 1),
        **_delays("one", alone),
        **_delays("all_at_once", together),
    }


def _delays(name: str, delays: Sequence[float]) -> dict[str, float]:
    found = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {f"{name}_{label}_ms": round(percentile(delays, share) * 1e3, 1) for label, share in found.items()}


async def _run(databases: Databases, settings: Settings) -> dict[str, object]:
    await migrate(databases.owner)
    platform = assemble(databases, settings)
    told = {**environment(settings), "HEXMART_LIVE__OF_ADDRESS": str(2 * LISTENERS)}
    before = stolen()
    async with served(HEXMART, told) as (pid, port):
        pin(0, 1)
        figures = await _measured(platform, port, pid)
    after = stolen()
    await platform.close()
    return figures | {"stolen": round((after[0] - before[0]) / (after[1] - before[1]), 3)}


def main() -> None:
    """On a database of its own, or on that of HEXMART_DATABASE_URL."""
    settings = Settings(home=HOME / "live", demo=True)
    with available(settings) as databases, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(orjson.dumps(runner.run(_run(databases, settings))).decode())


if __name__ == "__main__":
    main()
