"""A brand that has sold in every way there is, and a connection of the owner's to plant faults on."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from core import orders, payments
from core.actors import ANONYMOUS, system
from hexmart.databases import Databases
from hexmart.testing import World
from tenants import Platform
from tests.core.books.planting import Bench
from tests.databases import plain
from tests.faults.audit import audit
from tests.faults.shop import MILK, fill_carts, place_all


@pytest.fixture
async def bench(platform: Platform, world: World, databases: Databases) -> AsyncIterator[Bench]:
    """The brand with an order that waits for its money, one that is paid, one paid back in part, one cancelled."""
    _, paid, partly, over = await place_all(
        platform, world, await fill_carts(platform, world, 4, {MILK: 2, "BREAD": 1})
    )
    buyer = platform.works(world.tenant, ANONYMOUS)
    for order in (paid, partly):
        await payments.start(buyer, order, "sandbox", f"pay-{order}")
    async with platform.open_work(world.tenant, system("test")) as work:
        lines = (await orders.lines_of(work, [partly]))[0]
        quantities = {lines[0].id: 1}
        await payments.refund(work, payments.RefundWish(partly, "soured", "back", quantities=quantities))
        await payments.cancel_order(work, over, reason="changed my mind", key="over")
    assert await audit(platform, world.tenant) == {}
    connection = await asyncpg.connect(plain(databases.owner))
    await connection.execute("BEGIN")
    yield Bench(platform, world.tenant, connection)
    await connection.close()
