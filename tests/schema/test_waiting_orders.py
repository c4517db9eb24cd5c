"""Orders whose store is short and whose buyer waits for what another place has."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import clock
from core.actors import system
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Number, Shelf
from tests.schema.moving import MILK, holds, receive, step, stock, transfers_of, wait_for, warehouse
from tests.schema.shop import Payload, done, fill, pay, refusal

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]
pytestmark = pytest.mark.anyio
SHORT = """mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } userErrors { code
  ... on StockShortage { lines { wanted available transferAvailable alternatives { store { code } } } } } } }"""
ON_SHELF = """
SELECT on_hand, reserved FROM stock WHERE tenant_id = $1 AND location_id = $2 AND variant_id = $3
"""


async def warehouse_shelf(platform: Platform, world: World, key: object) -> tuple[int, int]:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        row = (await work.fetch(ON_SHELF, key, world.variant_keys[MILK]))[0]
    return row["on_hand"], row["reserved"]


async def test_a_shortage_says_whether_it_can_be_waited_for(platform: Platform, client: Client, world: World) -> None:
    cart = await fill(client, world, {MILK: 10})
    await stock(platform, world, world.store_keys["S1"], {MILK: 3})
    await stock(platform, world, world.store_keys["S2"], {MILK: 6})
    payload = (await client.run(SHORT, input={"cartId": cart["id"], "idempotencyKey": "1"}))["orderPlace"]
    line = {"wanted": 10, "available": 3, "transferAvailable": False, "alternatives": []}
    assert payload["userErrors"] == [{"code": "OUT_OF_STOCK", "lines": [line]}]
    await stock(platform, world, world.store_keys["S2"], {MILK: 7})
    payload = (await client.run(SHORT, input={"cartId": cart["id"], "idempotencyKey": "1"}))["orderPlace"]
    assert payload["userErrors"] == [{"code": "OUT_OF_STOCK", "lines": [line | {"transferAvailable": True}]}]
    await stock(platform, world, world.store_keys["S2"], {MILK: 10})
    payload = (await client.run(SHORT, input={"cartId": cart["id"], "idempotencyKey": "1"}))["orderPlace"]
    both = {"transferAvailable": True, "alternatives": [{"store": {"code": "S2"}}]}
    assert payload["userErrors"] == [{"code": "OUT_OF_STOCK", "lines": [line | both]}]


async def test_whoever_waits_gets_what_the_store_lacks_from_a_warehouse_before_a_store(
    platform: Platform, client: Client, world: World, shelf: Shelf
) -> None:
    cart = await fill(client, world, {MILK: 10})
    await stock(platform, world, world.store_keys["S1"], {MILK: 3})
    key = await warehouse(platform, world, {MILK: 50})
    order = done(
        await client.do(
            "orderPlace", {"cartId": cart["id"], "idempotencyKey": "1", "acceptTransfer": True}, "order { id status }"
        ),
        "order",
    )
    assert order["status"] == "PENDING_PAYMENT"
    assert (await shelf(), await shelf(store="S2")) == ((3, 3), (100, 0))
    assert await warehouse_shelf(platform, world, key) == (50, 7)
    (hold,) = await holds(client, order)
    assert hold["source"] == "transfer"
    assert hold["until"][:10] == (clock.now() + timedelta(hours=48)).isoformat()[:10]
    assert not await audit(platform, world.tenant)


async def test_without_a_warehouse_the_store_that_has_most_gives(
    platform: Platform, client: Client, world: World
) -> None:
    await stock(platform, world, world.store_keys["S3"], {MILK: 101})
    (transfer,) = await transfers_of(platform, world, await wait_for(platform, client, world, {MILK: 5}))
    assert transfer["source_id"] == world.store_keys["S3"]


async def test_a_warehouse_that_is_closed_gives_nothing_by_itself(
    platform: Platform, client: Client, world: World
) -> None:
    key = await warehouse(platform, world, {MILK: 500})
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute("UPDATE location SET active = false WHERE tenant_id = $1 AND id = $2", key)
    (transfer,) = await transfers_of(platform, world, await wait_for(platform, client, world, {MILK: 5}))
    assert transfer["source_id"] == world.store_keys["S2"]


async def test_whoever_waits_for_what_is_there_waits_for_nothing(
    platform: Platform, client: Client, world: World, number_of: Number, shelf: Shelf
) -> None:
    order = await wait_for(platform, client, world, {MILK: 10}, left=10)
    assert (await holds(client, order), await number_of("transfer"), await shelf()) == ([], 0, (10, 10))


async def test_what_is_nowhere_is_refused_to_whoever_waits_too(
    platform: Platform, client: Client, world: World, number_of: Number, shelf: Shelf
) -> None:
    cart = await fill(client, world, {MILK: 10})
    await stock(platform, world, world.store_keys["S1"], {MILK: 3})
    await stock(platform, world, world.store_keys["S2"], {MILK: 6})
    wish = {"cartId": cart["id"], "idempotencyKey": "1", "acceptTransfer": True}
    payload = (await client.run(SHORT, input=wish))["orderPlace"]
    assert [one["code"] for one in payload["userErrors"]] == ["OUT_OF_STOCK"]
    assert (await number_of("transfer"), await shelf()) == (0, (3, 0))


async def test_goods_of_several_kinds_come_together_where_one_place_has_them_all(
    platform: Platform, client: Client, world: World
) -> None:
    both = await warehouse(platform, world, {MILK: 10, "BREAD": 10}, "Both")
    await warehouse(platform, world, {MILK: 90}, "Milk")
    await warehouse(platform, world, {"BREAD": 90}, "Bread")
    carts = [await fill(client, world, {MILK: 5, "BREAD": 5}), await fill(client, world, {MILK: 8, "BREAD": 8})]
    await stock(platform, world, world.store_keys["S1"], {MILK: 0, "BREAD": 0})
    await stock(platform, world, world.store_keys["S2"], {MILK: 0, "BREAD": 0})
    found = []
    for cart in carts:
        wish = {"cartId": cart["id"], "idempotencyKey": cart["id"], "acceptTransfer": True}
        order = done(await client.do("orderPlace", wish, "order { id }"), "order")
        found.append(await transfers_of(platform, world, order))
    assert [one["source_id"] for one in found[0]] == [both]
    assert len(found[1]) == 2
    assert not await audit(platform, world.tenant)


async def test_the_same_key_means_the_same_patience(client: Client, world: World) -> None:
    cart = await fill(client, world, {MILK: 1})
    wish = {"cartId": cart["id"], "idempotencyKey": "1"}
    done(await client.do("orderPlace", wish | {"acceptTransfer": False}, "order { id }"), "order")
    done(await client.do("orderPlace", wish, "order { id }"), "order")
    document = "mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } } }"
    assert await client.code(document, input=wish | {"acceptTransfer": True}) == "IDEMPOTENCY_KEY_REUSED"


async def test_what_nobody_has_paid_for_is_not_sent(
    platform: Platform, client: Client, world: World, manager: Client, waiting: Payload
) -> None:
    (transfer,) = await transfers_of(platform, world, waiting)
    assert transfer["claim"] == "OPEN"
    assert refusal(await step(manager, "transferSend", transfer)) == ("TRANSFER_UNPAID", ["input", "transferId"])
    await pay(client, waiting)
    done(await step(manager, "transferSend", transfer), "transfer")
    assert not await audit(platform, world.tenant)


async def test_an_order_that_is_not_paid_in_time_calls_its_transfer_off(
    platform: Platform, world: World, waiting: Payload, shelf: Shelf, move_clock: MoveClock, run_worker: RunWorker
) -> None:
    assert (await shelf(), await shelf(store="S2")) == ((3, 3), (100, 7))
    await move_clock(timedelta(minutes=16))
    await run_worker()
    assert (await shelf(), await shelf(store="S2")) == ((3, 0), (100, 0))
    assert [one["status"] for one in await transfers_of(platform, world, waiting)] == ["CANCELLED"]
    assert not await audit(platform, world.tenant)


async def test_an_order_that_is_cancelled_calls_off_what_is_not_sent(
    platform: Platform, client: Client, world: World, waiting: Payload, shelf: Shelf
) -> None:
    await pay(client, waiting)
    done(await client.do("orderCancel", {"orderId": waiting["id"], "idempotencyKey": "1"}, "order { id }"), "order")
    assert (await shelf(), await shelf(store="S2")) == ((3, 0), (100, 0))
    assert not await audit(platform, world.tenant)


async def test_what_is_on_its_way_for_an_order_that_is_cancelled_goes_on_the_shelf(
    platform: Platform, client: Client, world: World, manager: Client, waiting: Payload, shelf: Shelf
) -> None:
    await pay(client, waiting)
    (transfer,) = await transfers_of(platform, world, waiting)
    done(await step(manager, "transferSend", transfer), "transfer")
    done(await client.do("orderCancel", {"orderId": waiting["id"], "idempotencyKey": "1"}, "order { id }"), "order")
    assert (await shelf(), await shelf(store="S2")) == ((3, 0), (93, 0))
    assert not await audit(platform, world.tenant)
    done(await receive(manager, world, transfer), "transfer")
    assert await shelf() == (10, 0)
    assert not await audit(platform, world.tenant)
