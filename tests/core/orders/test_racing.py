"""Paying against the end of the time to pay: the seat is kept or given back, and never both."""

import asyncio
from collections import Counter

import pytest

from core import payments
from core.actors import system
from core.orders import Cause, expiring
from hexmart.testing import Client, UsePlugins, World
from schema import relay
from tenants import Platform
from tests.core.orders.conftest import put_seats, seats_taken
from tests.core.orders.plugins import Seats
from tests.faults.audit import audit
from tests.faults.shop import fill_carts, order_id_of, place_all

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("seats_table")]
ORDER = "order { status }"
#: half of them are over, half of them are not
DEADLINES = """
UPDATE sales_order SET reserved_until = app_now() + make_interval(secs => CASE WHEN random() < 0.5 THEN -1 ELSE 60 END)
WHERE tenant_id = $1 AND id = any($2::uuid[])
"""


async def test_an_order_that_is_paid_keeps_its_seat_and_one_that_is_over_gives_it_back_once(
    platform: Platform, world: World, client: Client, use_plugins: UsePlugins
) -> None:
    seats, count = Seats(), 20
    await use_plugins(seats=seats)
    await put_seats(platform, world, count)
    placed = await place_all(platform, world, await fill_carts(platform, world, count))
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(DEADLINES, placed)

    async def pay(order: str) -> None:
        wish = {"orderId": order, "provider": "sandbox", "idempotencyKey": "p"}
        await client.do("paymentStart", wish, ORDER)

    async def sweep() -> None:
        async with platform.open_work(world.tenant, system("test")) as work:
            await expiring.release_unpaid(work)

    await asyncio.gather(*(pay(order_id_of(key)) for key in placed), sweep(), sweep())
    await sweep()
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        rows = await work.fetch("SELECT id, status FROM sales_order WHERE tenant_id = $1")
    paid = {row["id"] for row in rows if row["status"] == "PAID"}
    assert Counter(row["status"] for row in rows).keys() <= {"PAID", "CANCELLED"}
    assert set(await seats_taken(platform, world)) == paid
    assert Counter(one.order_id for one in seats.released) == Counter(set(placed) - paid)
    assert await audit(platform, world.tenant) == {}


async def test_an_order_that_its_buyer_and_a_plugin_end_at_once_ends_once(
    platform: Platform, world: World, client: Client, use_plugins: UsePlugins
) -> None:
    seats = Seats()
    await use_plugins(seats=seats)
    await put_seats(platform, world, 1)
    [key] = await place_all(platform, world, await fill_carts(platform, world, 1))
    order = order_id_of(key)
    wish = {"orderId": order, "provider": "sandbox", "idempotencyKey": "p"}
    await client.do("paymentStart", wish, ORDER)

    async def by_plugin() -> bool:
        async with platform.open_work(world.tenant, system("seats")) as work:
            return await payments.end(work, key, cause=Cause.EXPIRED, reason="over")

    cancel = client.do("orderCancel", {"orderId": order, "idempotencyKey": "c"}, ORDER)
    ended, payload = await asyncio.gather(by_plugin(), cancel)
    assert ended == bool(payload["userErrors"])
    assert len(seats.released) == 1
    assert relay.key_of("Order", order) == key
    assert await audit(platform, world.tenant) == {}
