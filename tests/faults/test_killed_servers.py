"""`hexmart serve --workers 2`: a process is killed again and again, and shoppers leave before they are told."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import PLACE, SCALE, Crowd
from tests.faults.journal import Journal, Send
from tests.faults.shop import Books, books, cart_id_of, fill_carts, stock_up
from tests.hexmart.serving import PATIENCE, Server, served

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]
LONGEST_STAY = 0.05  #: seconds that a hasty shopper waits for an answer, at most


@pytest.fixture(scope="module")
def server(databases: Databases, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert settings.secret is not None
    environment = {
        "HEXMART_DATABASE_URL": databases.owner,
        "HEXMART_SECRET": settings.secret.get_secret_value(),
        "HEXMART_DEMO": "1",
        "HEXMART_POOL_SIZE": "2",
        "HEXMART_CHECKOUT__PATIENCE": str(PATIENCE),
        "HEXMART_CALLER_LIMITS__ADDRESS_REQUESTS_PER_SECOND": "100000",  # all come from here
        "HEXMART_CALLER_LIMITS__ADDRESS_COST_PER_MINUTE": "100000000",
        "REDIS_URL": "",
    }
    with served(tmp_path_factory.mktemp("killed") / "log", environment) as running:
        running.wait_for_two()
        yield running


@asynccontextmanager
async def _shoppers(server: Server, world: World, *, hasty: bool = False) -> AsyncIterator[Send]:
    """People who come over HTTP; hasty ones hang up before they are told."""
    headers = {"X-Tenant": world.tenant.slug}
    url = f"http://127.0.0.1:{server.port}"
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE) as http:

        async def send(query: str, **variables: Any) -> dict[str, Any]:
            stay = random.uniform(0, LONGEST_STAY) if hasty else PATIENCE
            answer = await http.post("/graphql", json={"query": query, "variables": variables}, timeout=stay)
            return dict(answer.json())

        yield send


async def test_no_acknowledged_order_is_lost_when_a_process_is_killed(
    server: Server, platform: Platform, world: World
) -> None:
    kills = 2 * SCALE
    journal = Journal(await fill_carts(platform, world, 100 * SCALE))
    await stock_up(platform, world, 100 * SCALE)
    over = asyncio.Event()
    async with _shoppers(server, world) as send:
        shopping = asyncio.create_task(journal.shop(send, over))
        for _ in range(kills):
            workers = await asyncio.to_thread(server.wait_for_two)
            await journal.goes_on(20)
            os.kill(random.choice(workers), signal.SIGKILL)
            await journal.goes_on(20)
        over.set()
        await shopping
        lost = await journal.lost(platform, world)
        print(f"C7: {kills} processes killed: {journal}, orders lost={len(lost)}")  # noqa: T201 - the figure is wanted
        assert lost == []
        await asyncio.to_thread(server.wait_for_two)
        await journal.settle(send, platform, world)
    assert not await audit(platform, world.tenant)


async def test_who_hangs_up_has_ordered_whole_or_not_at_all(server: Server, platform: Platform, world: World) -> None:
    journal = Journal(await fill_carts(platform, world, 60 * SCALE))
    await stock_up(platform, world, 60 * SCALE)
    await asyncio.to_thread(server.wait_for_two)
    async with _shoppers(server, world, hasty=True) as send:
        await asyncio.gather(*(journal.ask(send, cart) for cart in journal.carts))
    assert journal.unknown
    async with _shoppers(server, world) as send:
        await journal.settle(send, platform, world)
    print(f"C12: hung up within {LONGEST_STAY} s: {journal}, each is one order")  # noqa: T201 - the figure is wanted
    assert not await audit(platform, world.tenant)


async def test_two_processes_sell_no_more_than_there_is(server: Server, platform: Platform, world: World) -> None:
    buyers, units = 120 * SCALE, 30 * SCALE
    carts = await fill_carts(platform, world, buyers)
    await stock_up(platform, world, units)
    await asyncio.to_thread(server.wait_for_two)
    crowd = Crowd()
    async with _shoppers(server, world) as send:

        async def buy(number: int) -> None:
            crowd.take(await send(PLACE, input={"cartId": cart_id_of(carts[number]), "idempotencyKey": "k"}))

        await asyncio.gather(*(buy(number) for number in range(buyers)))
    print(  # noqa: T201 - the figure is wanted
        f"C1: {buyers} buyers at two processes, {units} units: orders={len(crowd.orders)} refused={len(crowd.short)}"
    )
    assert (len(set(crowd.orders)), len(crowd.short), crowd.other) == (units, buyers - units, [])
    assert await books(platform, world) == Books(on_hand=units, reserved=units, held=units, orders=units)
    assert not await audit(platform, world.tenant)
