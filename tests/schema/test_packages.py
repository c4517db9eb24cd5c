"""A delivery that no single store has all of comes in several packages, each from a store that has what is in it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.access import Scope
from hexmart.testing import Client, World
from tenants import Platform
from tests.bundling import add_bundle
from tests.faults.audit import audit
from tests.faults.test_late_payments import while_the_provider_is_asked
from tests.faults.test_timers import sweep
from tests.schema.conftest import Shelf
from tests.schema.hiring import hired
from tests.schema.packages import FIELDS, bought, opened, ordered, packages, ready_cart, seen, shared
from tests.schema.shop import Payload, act, done, pay, refusal

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]

TO_THE_DOOR = ("orderAccept", "orderReady", "orderDispatch", "orderComplete")
LISTED = "{ orders { nodes { id } } }"


@pytest.fixture
async def at_s2(platform: Platform, client: Client, world: World) -> Client:
    """Who carries orders out in the other store."""
    return await hired(client, platform, world, clerk=Scope(store_id=world.store_keys["S2"]))


def part(order: Payload, store: str) -> str:
    """The id of a store's package."""
    return str(next(one["id"] for one in order["fulfilments"] if one["store"]["code"] == store))


async def test_each_store_carries_its_own_package_to_the_door(
    client: Client, world: World, owner: Client, clerk_of_s1: Client, at_s2: Client, shelf: Shelf, platform: Platform
) -> None:
    await shared(platform, world, owner)
    placed = await ordered(client, world)
    stores = {line["variant"]["sku"]: line["store"]["code"] for line in (await seen(client, placed))["lines"]}
    assert stores == {"MILK-1L": "S1", "BREAD": "S2"}
    assert (await shelf(), await shelf("BREAD", "S2")) == ((100, 2), (100, 3))
    assert await audit(platform, world.tenant) == {}
    order = await seen(client, await pay(client, placed))
    assert packages(order) == [("S1", "WAITING", ["MILK-1L"]), ("S2", "WAITING", ["BREAD"])]
    for step in TO_THE_DOOR:
        done(await act(at_s2, step, order), "order")
    assert (await seen(client, order))["status"] == "PAID"
    assert (await shelf(), await shelf("BREAD", "S2")) == ((100, 2), (97, 0))
    assert await audit(platform, world.tenant) == {}
    for step in TO_THE_DOOR:
        done(await act(clerk_of_s1, step, order), "order")
    assert (await seen(client, order))["status"] == "COMPLETED"
    assert (await shelf(), await shelf("BREAD", "S2")) == ((98, 0), (97, 0))
    assert await audit(platform, world.tenant) == {}


async def test_staff_of_either_store_see_the_order_and_act_on_their_own_package_alone(
    client: Client, world: World, owner: Client, clerk: Client, clerk_of_s1: Client, at_s2: Client, platform: Platform
) -> None:
    await shared(platform, world, owner)
    order = await bought(client, world)
    for staff, store in ((clerk_of_s1, "S1"), (at_s2, "S2")):
        assert [one["id"] for one in (await staff.run(LISTED))["orders"]["nodes"]] == [order["id"]]
        assert "orderAccept" in (await seen(staff, order))["allowedActions"]
        other = part(order, "S2" if store == "S1" else "S1")
        assert refusal(await act(staff, "orderAccept", order, fulfilmentId=other)) == (
            "NOT_FOUND",
            ["input", "orderId"],
        )
    assert refusal(await act(clerk, "orderAccept", order)) == ("INVALID", ["input", "fulfilmentId"])
    done(await act(clerk, "orderAccept", order, fulfilmentId=part(order, "S2")), "order")
    assert packages(await seen(client, order))[1][1] == "ACCEPTED"
    assert "orderAccept" not in (await seen(at_s2, order))["allowedActions"]


@pytest.mark.parametrize("why", ["not agreed", "by rule", "nothing here"])
async def test_whoever_does_not_want_packages_or_may_not_have_them_is_told_what_is_short(
    client: Client, world: World, owner: Client, shelf: Shelf, platform: Platform, why: str
) -> None:
    await shared(platform, world, owner, most=1 if why == "by rule" else 2)
    wanted = {"BREAD": 3} if why == "nothing here" else None
    cart = await ready_cart(client, world, wanted)
    asked = {"cartId": cart["id"], "idempotencyKey": cart["id"], "acceptSplit": why != "not agreed"}
    assert refusal(await client.do("orderPlace", asked, FIELDS))[0] == "OUT_OF_STOCK"
    assert (await shelf(), await shelf("BREAD", "S2")) == ((100, 0), (100, 0))


async def test_a_package_that_its_store_rejects_is_paid_back_and_the_others_go_on(
    client: Client, world: World, owner: Client, clerk_of_s1: Client, at_s2: Client, shelf: Shelf, platform: Platform
) -> None:
    await shared(platform, world, owner)
    order = await bought(client, world)
    for step in TO_THE_DOOR[:3]:
        done(await act(clerk_of_s1, step, order), "order")
    left = await seen(at_s2, order)
    assert "orderReject" in left["allowedActions"]
    done(await act(at_s2, "orderReject", order, fulfilmentId=part(order, "S2"), note="mouldy"), "order")
    rest = await seen(client, order)
    assert (rest["status"], rest["paymentStatus"]) == ("DISPATCHED", "PARTLY_REFUNDED")
    assert rest["refunds"] == [{"reason": "mouldy", "amount": {"amount": "37.50"}}]
    assert packages(rest) == [("S1", "DISPATCHED", ["MILK-1L"]), ("S2", "REJECTED", ["BREAD"])]
    assert [one["name"] for one in rest["timeline"]][-3:] == ["rejected", "refund_requested", "package_ended"]
    assert await shelf("BREAD", "S2") == (100, 0)
    assert await audit(platform, world.tenant) == {}


async def test_where_no_package_is_left_everything_goes_back(
    client: Client, world: World, owner: Client, clerk_of_s1: Client, at_s2: Client, shelf: Shelf, platform: Platform
) -> None:
    await shared(platform, world, owner)
    order = await bought(client, world)
    done(await act(at_s2, "orderReject", order, fulfilmentId=part(order, "S2")), "order")
    done(await act(clerk_of_s1, "orderReject", order, fulfilmentId=part(order, "S1")), "order")
    ended = await seen(client, order)
    assert (ended["status"], ended["paymentStatus"]) == ("CANCELLED", "REFUNDED")
    assert (await shelf(), await shelf("BREAD", "S2")) == ((100, 0), (100, 0))
    assert await audit(platform, world.tenant) == {}


async def test_a_rejected_package_goes_to_a_store_that_has_what_is_in_it(
    client: Client, world: World, owner: Client, clerk: Client, at_s2: Client, shelf: Shelf, platform: Platform
) -> None:
    await shared(platform, world, owner)
    order = await bought(client, world)
    await opened(platform, world, "S3", "BREAD")
    done(await act(at_s2, "orderReject", order, fulfilmentId=part(order, "S2")), "order")
    handed = await seen(client, order)
    assert packages(handed) == [
        ("S1", "WAITING", ["MILK-1L"]),
        ("S2", "REJECTED", ["BREAD"]),
        ("S3", "WAITING", ["BREAD"]),
    ]
    assert {line["store"]["code"] for line in handed["lines"]} == {"S1", "S3"}
    assert (await shelf("BREAD", "S2"), (await shelf("BREAD", "S3"))[1]) == ((100, 0), 3)
    assert await audit(platform, world.tenant) == {}
    for store in ("S1", "S3"):
        for step in TO_THE_DOOR:
            done(await act(clerk, step, order, fulfilmentId=part(handed, store)), "order")
    assert (await seen(client, order))["status"] == "COMPLETED"
    assert await audit(platform, world.tenant) == {}


async def test_nobody_cancels_an_order_of_which_a_package_has_left(
    client: Client, world: World, owner: Client, at_s2: Client, platform: Platform
) -> None:
    await shared(platform, world, owner)
    order = await bought(client, world)
    for step in TO_THE_DOOR[:3]:
        done(await act(at_s2, step, order), "order")
    for whoever in (client, owner):
        assert "orderCancel" not in (await seen(whoever, order))["allowedActions"]
        asked = {"orderId": order["id"], "idempotencyKey": "too-late"}
        assert refusal(await whoever.do("orderCancel", asked, FIELDS)) == ("ORDER_STATE", ["input", "orderId"])
    assert await audit(platform, world.tenant) == {}


async def test_what_is_paid_back_goes_to_the_shelf_that_it_came_from(
    client: Client, world: World, owner: Client, at_s2: Client, shelf: Shelf, platform: Platform
) -> None:
    await shared(platform, world, owner)
    order = await bought(client, world)
    for step in TO_THE_DOOR[:3]:
        done(await act(at_s2, step, order), "order")
    for sku, quantity in (("BREAD", 1), ("MILK-1L", 1), ("MILK-1L", 1)):
        line = next(one["id"] for one in order["lines"] if one["variant"]["sku"] == sku)
        lines = [{"orderLineId": line, "quantity": quantity}]
        asked = {"orderId": order["id"], "lines": lines, "reason": "broken", "restock": True}
        key = {"idempotencyKey": f"{sku}-{len((await seen(client, order))['refunds'])}"}
        done(await owner.do("refundCreate", asked | key, "refund { id }"), "refund")
        assert await audit(platform, world.tenant) == {}
    assert (await shelf(), await shelf("BREAD", "S2")) == ((100, 0), (98, 0))
    rest = await seen(client, order)
    assert packages(rest) == [("S1", "CANCELLED", ["MILK-1L"]), ("S2", "DISPATCHED", ["BREAD"])]
    assert rest["status"] == "DISPATCHED"


async def test_a_bundle_and_what_it_is_made_of_come_from_one_store(
    client: Client, world: World, owner: Client, shelf: Shelf, platform: Platform
) -> None:
    await shared(platform, world, owner)
    await add_bundle(platform, world, "BREAD-BOX", {"BREAD": 2})
    order = await seen(client, await ordered(client, world, {"BREAD-BOX": 2, "MILK-1L": 1, "BREAD": 1}))
    assert {line["variant"]["sku"]: line["store"]["code"] for line in order["lines"]} == {
        "BREAD-BOX": "S2",
        "BREAD": "S2",
        "MILK-1L": "S1",
    }
    assert await shelf("BREAD", "S2") == (100, 5)
    assert await audit(platform, world.tenant) == {}
    done(await owner.do("orderCancel", {"orderId": order["id"], "idempotencyKey": "no"}, FIELDS), "order")
    assert (await shelf(), await shelf("BREAD", "S2")) == ((100, 0), (100, 0))


async def test_an_order_paid_late_has_its_packages_again(
    client: Client,
    world: World,
    owner: Client,
    platform: Platform,
    move_clock: MoveClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def too_long() -> None:
        await move_clock(timedelta(minutes=31))
        await sweep(platform, world)

    await shared(platform, world, owner)
    order = await ordered(client, world)
    while_the_provider_is_asked(monkeypatch, too_long)
    paid = await seen(client, await pay(client, order))
    assert [one["name"] for one in paid["timeline"]] == ["placed", "expired", "reinstated", "paid"]
    assert packages(paid) == [("S1", "WAITING", ["MILK-1L"]), ("S2", "WAITING", ["BREAD"])]
    assert await audit(platform, world.tenant) == {}
