"""Where plugins cannot be waited for, they give back from the outbox what went with an order."""

from collections.abc import Awaitable, Callable

import pytest

from hexmart.testing import UsePlugins, World
from tenants import Platform
from tests.core.orders.conftest import put_seats, seats_taken
from tests.core.orders.plugins import Seats
from tests.core.orders.test_claims import place_batch
from tests.faults.audit import audit
from tests.faults.shop import fill_carts, stock_up
from tests.faults.test_lazy_reclaim import expire

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("seats_table")]


async def test_what_went_with_an_order_whose_stock_was_taken_back_is_free_soon_after(
    platform: Platform, world: World, use_plugins: UsePlugins, run_worker: Callable[[], Awaitable[None]]
) -> None:
    await use_plugins(seats=Seats())
    await put_seats(platform, world, 2)
    [kept, wanting] = await fill_carts(platform, world, 2)
    await stock_up(platform, world, 1)
    [order] = await place_batch(platform, world, [kept])
    await expire(platform, world, [order])
    [bought] = await place_batch(platform, world, [wanting])
    assert set(await seats_taken(platform, world)) == {order, bought}
    await run_worker()
    assert set(await seats_taken(platform, world)) == {bought}
    assert not await audit(platform, world.tenant)
