"""What becomes of an order that waits, once something arrives for it or does not come."""

from collections.abc import Awaitable, Callable

import pytest

from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Shelf
from tests.schema.moving import MILK, arrived, holds, receive, step, stock, transfers_of
from tests.schema.shop import Payload, act, done, pay, read, refusal

RunWorker = Callable[[], Awaitable[None]]
pytestmark = pytest.mark.anyio


async def test_what_has_arrived_is_kept_for_the_order_and_lets_it_go(
    platform: Platform,
    client: Client,
    world: World,
    manager: Client,
    waiting: Payload,
    shelf: Shelf,
    run_worker: RunWorker,
) -> None:
    await pay(client, waiting)
    assert refusal(await act(manager, "orderAccept", waiting)) == ("ORDER_HELD", ["input", "orderId"])
    await arrived(platform, client, world, manager, waiting)
    assert (await shelf(), await shelf(store="S2")) == ((10, 10), (93, 0))
    await run_worker()
    assert await holds(client, waiting) == []
    assert not await audit(platform, world.tenant)
    done(await act(manager, "orderAccept", waiting), "order")
    ready = done(await act(manager, "orderReady", waiting), "order")
    code = (await read(client, ready) or {})["pickupCode"]
    done(await manager.do("orderVerify", {"code": code, "storeId": world.stores["S1"]}, "order { id }"), "order")
    assert await shelf() == (0, 0)
    assert not await audit(platform, world.tenant)


async def test_what_is_missing_of_what_arrived_is_asked_for_elsewhere(
    platform: Platform,
    client: Client,
    world: World,
    manager: Client,
    waiting: Payload,
    shelf: Shelf,
    run_worker: RunWorker,
) -> None:
    await arrived(platform, client, world, manager, waiting, MILK_1L=4)
    await run_worker()
    first, second = await transfers_of(platform, world, waiting)
    assert (first["status"], second["status"], second["claim"]) == ("RECEIVED", "REQUESTED", "CLAIMED")
    assert (await shelf(), await shelf(store="S2")) == ((7, 7), (93, 3))
    assert [one["source"] for one in await holds(client, waiting)] == ["transfer"]
    done(await step(manager, "transferSend", second), "transfer")
    done(await receive(manager, world, second, key="2"), "transfer")
    await run_worker()
    assert await holds(client, waiting) == []
    assert not await audit(platform, world.tenant)


async def test_an_order_whose_goods_are_nowhere_says_so_and_is_let_go_once_they_are_paid_back(
    platform: Platform,
    client: Client,
    world: World,
    manager: Client,
    waiting: Payload,
    shelf: Shelf,
    run_worker: RunWorker,
) -> None:
    await pay(client, waiting)
    (transfer,) = await transfers_of(platform, world, waiting)
    await stock(platform, world, world.store_keys["S2"], {MILK: 7})
    done(await step(manager, "transferSend", transfer), "transfer")
    done(await receive(manager, world, transfer, MILK_1L=5), "transfer")
    await run_worker()
    (hold,) = await holds(client, waiting)
    assert (hold["until"], "nowhere else" in hold["reason"]) == (None, True)
    line = (await read(client, waiting) or {})["lines"][0]["id"]
    wish = {"orderId": waiting["id"], "reason": "lost", "idempotencyKey": "1"}
    wish |= {"lines": [{"orderLineId": line, "quantity": 2}]}
    done(await manager.do("refundCreate", wish, "refund { id }"), "refund")
    assert (await holds(client, waiting), await shelf()) == ([], (8, 8))
    assert not await audit(platform, world.tenant)


async def test_a_transfer_that_staff_call_off_is_taken_from_the_shelf_once_it_is_there(
    platform: Platform,
    client: Client,
    world: World,
    manager: Client,
    waiting: Payload,
    shelf: Shelf,
    run_worker: RunWorker,
) -> None:
    await pay(client, waiting)
    (transfer,) = await transfers_of(platform, world, waiting)
    await stock(platform, world, world.store_keys["S1"], {MILK: 30})
    done(await step(manager, "transferCancel", transfer), "transfer")
    await run_worker()
    assert (await shelf(), await holds(client, waiting)) == ((30, 10), [])
    assert not await audit(platform, world.tenant)


async def test_what_is_paid_back_while_it_is_on_its_way_goes_on_the_shelf(
    platform: Platform,
    client: Client,
    world: World,
    manager: Client,
    waiting: Payload,
    shelf: Shelf,
    run_worker: RunWorker,
) -> None:
    await pay(client, waiting)
    (transfer,) = await transfers_of(platform, world, waiting)
    done(await step(manager, "transferSend", transfer), "transfer")
    line = (await read(client, waiting) or {})["lines"][0]["id"]
    wish = {"orderId": waiting["id"], "reason": "too much", "idempotencyKey": "1"}
    wish |= {"lines": [{"orderLineId": line, "quantity": 5}]}
    done(await manager.do("refundCreate", wish, "refund { id }"), "refund")
    assert await shelf() == (3, 3)
    done(await receive(manager, world, transfer), "transfer")
    await run_worker()
    assert (await shelf(), await holds(client, waiting)) == ((10, 5), [])
    assert not await audit(platform, world.tenant)


async def test_an_order_that_is_paid_back_whole_waits_for_nothing(
    platform: Platform, client: Client, world: World, manager: Client, waiting: Payload, shelf: Shelf
) -> None:
    await pay(client, waiting)
    wish = {"orderId": waiting["id"], "reason": "sorry", "idempotencyKey": "1"}
    done(await manager.do("refundCreate", wish, "refund { id }"), "refund")
    assert (await shelf(), await shelf(store="S2")) == ((3, 0), (100, 0))
    assert not await audit(platform, world.tenant)
