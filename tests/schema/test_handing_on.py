"""What its store rejects, or does not accept in time, goes to the next best store with its stock."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.actors import system
from core.stores.models import Store
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import stock_up
from tests.schema.conftest import Shelf
from tests.schema.ruling import ruled
from tests.schema.shop import ADDRESS, CART, Payload, act, buy, buy_delivered, done, fill, pay, place, read, refusal

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]

TOO_LONG = timedelta(minutes=11)
PARTS = "query($id: ID!) { order(id: $id) { fulfilments { id status acceptBy store { code } lines { quantity } } } }"
LISTED = "query($store: ID) { orders(where: {storeId: $store}) { totalCount nodes { id } } }"
PRIVATE = "query($id: ID!) { order(id: $id) { address { line } allowedActions pickupCode } }"


async def parts_of(reader: Client, order: Payload) -> list[Payload]:
    """Who has, or had, an order."""
    found: list[Payload] = (await reader.run(PARTS, id=order["id"]))["order"]["fulfilments"]
    return found


async def stands(reader: Client, order: Payload) -> tuple[str, list[tuple[str, str]]]:
    """Where an order stands, and with whom."""
    seen = await read(reader, order) or {}
    return seen["status"], [(part["store"]["code"], part["status"]) for part in await parts_of(reader, order)]


def told(order: Payload) -> list[tuple[str, str | None]]:
    return [(event["name"], event["note"]) for event in order["timeline"]]


async def test_a_rejected_delivery_goes_to_the_next_store_with_its_stock(
    client: Client, world: World, clerk: Client, shelf: Shelf, platform: Platform
) -> None:
    order = await buy_delivered(client, world)
    done(await act(clerk, "orderAccept", order), "order")
    rejected = done(await act(clerk, "orderReject", order, note="sold out"), "order")
    assert (rejected["paymentStatus"], rejected["refunds"], rejected["store"]["code"]) == ("CAPTURED", [], "S2")
    assert await stands(client, order) == ("PAID", [("S1", "REJECTED"), ("S2", "WAITING")])
    assert told(rejected)[-2:] == [("rejected", "sold out"), ("handed_on", "to S2")]
    assert (await shelf(), await shelf(store="S2")) == ((100, 0), (100, 2))
    assert await audit(platform, world.tenant) == {}
    for step in ("orderAccept", "orderReady", "orderDispatch", "orderComplete"):
        done(await act(clerk, step, order), "order")
    assert (await shelf(), await shelf(store="S2")) == ((100, 0), (98, 0))
    assert await audit(platform, world.tenant) == {}


async def test_whoever_has_rejected_is_not_asked_again_and_the_buyer_is_paid_back(
    client: Client, world: World, clerk: Client, shelf: Shelf, platform: Platform
) -> None:
    order = await buy_delivered(client, world)
    done(await act(clerk, "orderReject", order), "order")
    second = (await parts_of(client, order))[1]["id"]
    ended = done(await act(clerk, "orderReject", order, fulfilmentId=second, note="closing"), "order")
    assert (ended["status"], ended["paymentStatus"]) == ("CANCELLED", "REFUNDED")
    assert await stands(client, order) == ("CANCELLED", [("S1", "REJECTED"), ("S2", "REJECTED")])
    assert (await shelf(), await shelf(store="S2")) == ((100, 0), (100, 0))
    assert await audit(platform, world.tenant) == {}


@pytest.mark.parametrize("why", ["no stock", "by rule", "closed"])
async def test_where_nobody_can_take_it_the_buyer_is_paid_back(
    client: Client, world: World, owner: Client, shelf: Shelf, platform: Platform, why: str
) -> None:
    if why == "no stock":
        await stock_up(platform, world, 1, store="S2")
    elif why == "by rule":
        await ruled(owner, "orders.most_handed_on", 0)
    else:
        await _open(platform, world, "S2", [])
    order = await buy_delivered(client, world)
    ended = done(await act(owner, "orderReject", order), "order")
    assert (ended["status"], ended["paymentStatus"]) == ("CANCELLED", "REFUNDED")
    assert ((await shelf()), (await shelf(store="S2"))[1]) == ((100, 0), 0)
    assert await audit(platform, world.tenant) == {}


async def test_another_store_hands_over_what_its_buyer_agreed_to(
    client: Client, world: World, clerk: Client, owner: Client, shelf: Shelf, platform: Platform
) -> None:
    order = await buy(client, world, acceptOtherStore=True)
    done(await act(clerk, "orderReject", order), "order")
    assert await stands(client, order) == ("PAID", [("S1", "REJECTED"), ("S2", "WAITING")])
    code = (await read(client, order) or {})["pickupCode"]
    shown = {code_of: {"code": code, "storeId": world.stores[code_of]} for code_of in ("S1", "S2")}
    assert code == order["pickupCode"]
    assert refusal(await clerk.do("orderVerify", shown["S1"], "order { id }")) == ("CODE_UNKNOWN", ["input", "code"])
    assert done(await clerk.do("orderVerify", shown["S2"], "order { status }"), "order") == {"status": "COMPLETED"}
    assert (await shelf(), await shelf(store="S2")) == ((100, 0), (98, 0))
    await ruled(owner, "orders.hand_on_pickup", value=False)
    kept = await buy(client, world, acceptOtherStore=True)
    assert done(await act(clerk, "orderReject", kept), "order")["status"] == "CANCELLED"
    assert await audit(platform, world.tenant) == {}


async def test_the_store_that_had_it_sees_what_became_of_it_and_no_more(
    client: Client, world: World, clerk_of_s1: Client
) -> None:
    order = await buy_delivered(client, world)
    rejected = await act(clerk_of_s1, "orderReject", order)
    assert done(rejected, "order")["allowedActions"] == []
    assert (await stands(clerk_of_s1, order))[1][0] == ("S1", "REJECTED")
    seen = (await clerk_of_s1.run(PRIVATE, id=order["id"]))["order"]
    assert (seen["allowedActions"], seen["pickupCode"]) == ([], None)
    assert seen["address"]["line"].endswith("***")
    for asked in ({}, {"store": world.stores["S1"]}):
        listed = (await clerk_of_s1.run(LISTED, **asked))["orders"]
        assert (listed["totalCount"], [one["id"] for one in listed["nodes"]]) == (1, [order["id"]])
    first, second = [part["id"] for part in await parts_of(client, order)]
    assert refusal(await act(clerk_of_s1, "orderAccept", order)) == ("NOT_FOUND", ["input", "orderId"])
    assert refusal(await act(clerk_of_s1, "orderAccept", order, fulfilmentId=second))[0] == "NOT_FOUND"
    assert refusal(await act(clerk_of_s1, "orderAccept", order, fulfilmentId=first))[0] == "ORDER_STATE"


async def test_a_rejection_that_is_sent_twice_rejects_once(client: Client, world: World, clerk: Client) -> None:
    order = await buy_delivered(client, world)
    first = order["fulfilments"][0]["id"]
    done(await act(clerk, "orderReject", order, fulfilmentId=first), "order")
    again = await act(clerk, "orderReject", order, fulfilmentId=first)
    assert [warning["code"] for warning in again["warnings"]] == ["ALREADY_DONE"]
    assert refusal(await act(clerk, "orderReject", order)) == ("INVALID", ["input", "fulfilmentId"])
    assert await stands(client, order) == ("PAID", [("S1", "REJECTED"), ("S2", "WAITING")])


async def test_a_delivery_that_is_not_accepted_in_time_goes_on_until_nobody_is_left(
    client: Client, world: World, move_clock: MoveClock, run_worker: RunWorker, platform: Platform
) -> None:
    order = await buy_delivered(client, world)
    await run_worker()
    assert await stands(client, order) == ("PAID", [("S1", "WAITING")])
    await move_clock(TOO_LONG)
    await run_worker()
    assert await stands(client, order) == ("PAID", [("S1", "REJECTED"), ("S2", "WAITING")])
    await run_worker()
    assert await stands(client, order) == ("PAID", [("S1", "REJECTED"), ("S2", "WAITING")])
    assert await audit(platform, world.tenant) == {}
    await move_clock(TOO_LONG)
    await run_worker()
    ended = await read(client, order) or {}
    assert (ended["status"], ended["refunds"][0]["reason"]) == ("CANCELLED", "not accepted in time")
    assert ("not_accepted", "not accepted in time") in told(ended)
    assert await audit(platform, world.tenant) == {}


async def test_what_was_accepted_in_time_stays(
    client: Client, world: World, clerk: Client, move_clock: MoveClock, run_worker: RunWorker
) -> None:
    order = await buy_delivered(client, world)
    done(await act(clerk, "orderAccept", order), "order")
    await move_clock(TOO_LONG)
    await run_worker()
    assert await stands(client, order) == ("ACCEPTED", [("S1", "ACCEPTED")])


async def test_an_order_to_be_collected_waits_unless_the_brand_says_otherwise(
    client: Client, world: World, owner: Client, move_clock: MoveClock, run_worker: RunWorker, platform: Platform
) -> None:
    order = await buy(client, world)
    await move_clock(TOO_LONG)
    await run_worker()
    assert await stands(client, order) == ("PAID", [("S1", "WAITING")])
    await ruled(owner, "orders.lapse_pickup", value=True)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)  # as the worker knows it from now on
    later = await buy(client, world)
    await move_clock(TOO_LONG)
    await run_worker()
    assert await stands(client, later) == ("CANCELLED", [("S1", "REJECTED")])


async def test_time_does_not_run_while_the_store_is_closed(
    client: Client, world: World, move_clock: MoveClock, run_worker: RunWorker, platform: Platform
) -> None:
    order = await buy_delivered(client, world)
    opens = (clock.now() + timedelta(hours=6)).astimezone(ZoneInfo(world.tenant.time_zone)).replace(minute=0)
    await _open(platform, world, "S1", [[day, f"{opens:%H}:00", f"{opens:%H}:01"] for day in range(1, 8)])
    await move_clock(TOO_LONG)
    await run_worker()
    [part] = await parts_of(client, order)
    due = opens.replace(second=0, microsecond=0) + timedelta(minutes=10)
    assert (part["status"], datetime.fromisoformat(part["acceptBy"])) == ("WAITING", due)
    await move_clock(due - clock.now() + timedelta(seconds=1))
    await run_worker()
    assert (await stands(client, order))[1] == [("S1", "WAITING")]


async def test_an_order_may_not_be_handed_on_while_it_is_not_paid(client: Client, world: World, clerk: Client) -> None:
    cart = await fill(client, world)
    asked = {"cartId": cart["id"], "fulfilment": "DELIVERY", "address": ADDRESS}
    cart = done(await client.do("cartFulfilmentSet", asked, CART), "cart")
    order = await place(client, cart, contact={"name": "小王", "phone": "13800000001"})
    assert refusal(await act(clerk, "orderReject", order)) == ("ORDER_STATE", ["input", "orderId"])
    assert (await pay(client, order))["status"] == "PAID"


async def _open(platform: Platform, world: World, code: str, hours: list[list[object]]) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        store = await work.session.get_one(Store, (world.tenant.id, world.store_keys[code]))
        store.hours = hours
