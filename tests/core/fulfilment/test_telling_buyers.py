"""Whoever is going to collect an order hears when it is ready."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.notices import Notice
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.shop import PHONE, act, buy, buy_delivered, done
from tests.schema.staffing import Staffing

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]
NAMED = {"name": "小王", "phone": "13800000002"}


@pytest.fixture
def staffing(platform: Platform, world: World) -> Staffing:
    return Staffing(platform, world)


@pytest.fixture
async def clerk(client: Client, world: World) -> Client:
    return await client.staff(world.email("clerk"))


async def make_ready(clerk: Client, order: dict[str, Any]) -> None:
    for step in ("orderAccept", "orderReady"):
        done(await act(clerk, step, order), "order")


async def heard(staffing: Staffing) -> list[Notice]:
    return await staffing.mail("orders.ready")


async def test_a_member_hears_of_it_once(
    client: Client, world: World, clerk: Client, staffing: Staffing, run_worker: RunWorker
) -> None:
    shopper = await client.member(PHONE)
    order = await buy(shopper, world)
    await run_worker()
    assert await heard(staffing) == []
    await make_ready(clerk, order)
    await run_worker()
    [notice] = await heard(staffing)
    assert notice.recipient == "+8613800000001"
    store = (await client.run("query($c: String!) { store(code: $c) { name } }", c="S1"))["store"]["name"]
    shown = {"brand": world.tenant.slug, "store": store, "number": order["number"], "code": order["pickupCode"]}
    assert notice.values == shown


async def test_who_is_named_hears_of_it_and_a_guest_who_named_nobody_asks(
    client: Client, world: World, clerk: Client, staffing: Staffing, run_worker: RunWorker
) -> None:
    shopper = await client.member(PHONE)
    for order in (await buy(shopper, world, contact=NAMED), await buy(client, world)):
        await make_ready(clerk, order)
    await run_worker()
    assert [notice.recipient for notice in await heard(staffing)] == ["+8613800000002"]


async def test_what_was_collected_meanwhile_or_is_brought_is_no_news(
    client: Client, world: World, clerk: Client, staffing: Staffing, run_worker: RunWorker
) -> None:
    shopper = await client.member(PHONE)
    collected, brought = await buy(shopper, world), await buy_delivered(shopper, world)
    for order in (collected, brought):
        await make_ready(clerk, order)
    taken = {"code": collected["pickupCode"], "storeId": world.stores["S1"]}
    done(await clerk.do("verify", taken, "verification { kind }"), "verification")
    await run_worker()
    assert await heard(staffing) == []
