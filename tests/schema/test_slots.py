"""Slots: when something can be collected or brought, and how many orders one takes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from core import clock, orders
from core.actors import ANONYMOUS, system
from core.errors import DomainError
from core.orders import PlaceRequest, SlotFull, slots
from hexmart.testing import Client, World
from schema import relay
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Shelf
from tests.schema.ruling import ruled
from tests.schema.shop import ADDRESS, CART, ORDER, PHONE, Payload, act, done, fill, pay, refusal
from tests.schema.test_handing_on import stands

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]

SLOTS = """query($store: ID!, $kind: FulfilmentKind!, $from: DateTime, $first: Int) {
  slots(storeId: $store, fulfilment: $kind, from: $from, first: $first) { start end remaining fee { amount } } }"""
GUARD = "DO UPDATE SET kind = excluded.kind"


async def listed(
    client: Client, world: World, kind: str = "PICKUP", store: str = "S1", **more: object
) -> list[Payload]:
    """The slots of a store."""
    found: list[Payload] = (await client.run(SLOTS, store=world.stores[store], kind=kind, **more))["slots"]
    return found


async def chosen(client: Client, world: World, start: str, kind: str = "PICKUP") -> Payload:
    """A cart for a slot."""
    cart = await fill(client, world)
    address = {"address": ADDRESS} if kind == "DELIVERY" else {}
    asked = {"cartId": cart["id"], "fulfilment": kind, "slotStart": start, "storeId": world.stores["S1"]} | address
    return done(await client.do("cartFulfilmentSet", asked, CART), "cart")


async def order_at(client: Client, world: World, start: str, kind: str = "PICKUP", **more: object) -> Payload:
    """The payload of ordering for a slot."""
    cart = await chosen(client, world, start, kind)
    asked = {"cartId": cart["id"], "idempotencyKey": cart["id"], "contact": {"phone": PHONE}} | more
    return await client.do("orderPlace", asked, ORDER)


async def test_slots_follow_the_hours_from_now_on(client: Client, world: World, owner: Client) -> None:
    found = await listed(client, world, first=3)
    begins = [datetime.fromisoformat(slot["start"]) for slot in found]
    assert clock.now() < begins[0] <= clock.now() + timedelta(minutes=30)
    assert [later - earlier for earlier, later in pairwise(begins)] == [timedelta(minutes=30)] * 2
    assert [(slot["remaining"], slot["fee"]["amount"]) for slot in found] == [(None, "0.00")] * 3
    assert [slot["fee"]["amount"] for slot in await listed(client, world, "DELIVERY", first=1)] == ["6.00"]
    following = await listed(client, world, **{"from": found[1]["start"], "first": 1})
    assert following == [found[2]]
    assert await listed(client, world, store="S3") == []
    assert await listed(client, world, "SCAN_AND_GO") == []
    await ruled(owner, "orders.slot_days", 1)
    assert len(await listed(client, world, first=100)) == 48


async def test_a_slot_takes_as_many_orders_as_the_brand_says(
    client: Client, world: World, owner: Client, shelf: Shelf
) -> None:
    await ruled(owner, "orders.pickup_slot_orders", 2)
    start = (await listed(client, world, first=1))[0]["start"]
    bought = [done(await order_at(client, world, start), "order") for _ in range(2)]
    assert [slot["remaining"] for slot in await listed(client, world, first=2)] == [0, 2]
    assert refusal(await order_at(client, world, start)) == ("SLOT_FULL", ["input", "cartId"])
    assert await shelf() == (100, 4)
    done(await order_at(client, world, start, "DELIVERY"), "order")  # they are counted by themselves
    asked = {"orderId": bought[0]["id"], "idempotencyKey": "c"}
    done(await client.do("orderCancel", asked, ORDER), "order")
    assert [slot["remaining"] for slot in await listed(client, world, first=1)] == [1]
    done(await order_at(client, world, start), "order")


async def test_a_slot_that_was_not_paid_for_is_free_again_and_money_that_comes_late_has_no_other(
    client: Client, world: World, owner: Client, platform: Platform, move_clock: MoveClock, run_worker: RunWorker
) -> None:
    await ruled(owner, "orders.pickup_slot_orders", 1)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)
    start = (await listed(client, world, first=6))[5]["start"]
    first = done(await order_at(client, world, start), "order")
    await move_clock(timedelta(minutes=16))
    await run_worker()
    done(await order_at(client, world, start), "order")
    assert refusal(await order_at(client, world, start))[0] == "SLOT_FULL"
    key = relay.key_of("Order", first["id"])
    assert key is not None
    async with platform.open_work(world.tenant, system("test")) as work:
        order = await orders.lock(work, key)
        assert order is not None
        with pytest.raises(orders.ReservationExpired):
            await orders.pay(work, order)


async def test_a_slot_that_is_long_over_is_forgotten(
    client: Client, world: World, owner: Client, platform: Platform, move_clock: MoveClock, run_worker: RunWorker
) -> None:
    await ruled(owner, "orders.pickup_slot_orders", 1)
    done(await order_at(client, world, (await listed(client, world, first=1))[0]["start"]), "order")
    for days, left in ((0, 1), (2, 0)):
        await move_clock(timedelta(days=days))
        await run_worker()
        async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
            assert await work.value("SELECT count(*) FROM slot WHERE tenant_id = $1") == left


@pytest.mark.parametrize("shift", [timedelta(minutes=7), timedelta(minutes=15)])
async def test_a_time_at_which_no_slot_begins_cannot_be_ordered(client: Client, world: World, shift: timedelta) -> None:
    start = datetime.fromisoformat((await listed(client, world, first=1))[0]["start"]) + shift
    assert refusal(await order_at(client, world, start.isoformat())) == ("INVALID", ["input", "cartId"])


async def test_a_slot_that_has_begun_meanwhile_cannot_be_ordered(
    client: Client, world: World, move_clock: MoveClock
) -> None:
    cart = await chosen(client, world, (await listed(client, world, first=1))[0]["start"])
    await move_clock(timedelta(minutes=31))
    asked = {"cartId": cart["id"], "idempotencyKey": "o", "contact": {"phone": PHONE}}
    assert refusal(await client.do("orderPlace", asked, ORDER)) == ("INVALID", ["input", "cartId"])


async def test_an_order_is_handed_on_to_a_store_that_has_room_for_it(
    client: Client, world: World, owner: Client, clerk: Client
) -> None:
    await ruled(owner, "orders.delivery_slot_orders", 1)
    start = (await listed(client, world, "DELIVERY", first=4))[3]["start"]
    first = await pay(client, done(await order_at(client, world, start, "DELIVERY"), "order"))
    assert done(await act(clerk, "orderReject", first), "order")["store"]["code"] == "S2"
    second = await pay(client, done(await order_at(client, world, start, "DELIVERY"), "order"))
    done(await act(clerk, "orderReject", second), "order")
    assert (await stands(client, second))[0] == "CANCELLED"


async def _request(client: Client, world: World, start: str) -> PlaceRequest:
    key = relay.key_of("Cart", (await chosen(client, world, start))["id"])
    assert key is not None
    return PlaceRequest(cart_id=key, actor=ANONYMOUS, key="k")


async def _at_once(platform: Platform, world: World, client: Client) -> list[object]:
    """Two buyers want the last place of a slot, each in a transaction of its own."""
    start = (await listed(client, world, first=1))[0]["start"]
    first, second = [await _request(client, world, start) for _ in range(2)]

    async def buy(request: PlaceRequest) -> object:
        async with platform.open_work(world.tenant, system("test")) as work:
            return (await orders.place(work, [request]))[0]

    async with platform.open_work(world.tenant, system("test")) as work:
        [one] = await orders.place(work, [first])
        waiting = asyncio.create_task(buy(second))
        await asyncio.sleep(0.5)  # it has counted, or waits to
    return [one, await waiting]


async def test_the_last_place_of_a_slot_is_had_once(
    platform: Platform, world: World, client: Client, owner: Client
) -> None:
    await ruled(owner, "orders.pickup_slot_orders", 1)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)
    one, other = await _at_once(platform, world, client)
    assert not isinstance(one, DomainError)
    assert isinstance(other, SlotFull)
    assert await audit(platform, world.tenant) == {}


async def test_a_slot_that_nobody_holds_while_it_is_counted_is_promised_twice(
    platform: Platform, world: World, client: Client, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ruled(owner, "orders.pickup_slot_orders", 1)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)
    assert GUARD in slots.HOLD
    unheld = "SELECT $1::bigint, $2::uuid[], $3::text[], $4::timestamptz[]"
    monkeypatch.setattr(slots, "HOLD", unheld)
    assert not [one for one in await _at_once(platform, world, client) if isinstance(one, DomainError)]
