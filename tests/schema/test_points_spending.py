"""Points that pay: up to a share, taken with the order and never twice, given back with the money."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core import orders
from core.actors import system
from core.ledger.account import Account
from core.orders import ReservationExpired
from core.orders.events import UNPAID
from hexmart.testing import Client, World
from schema.relay import key_or_nothing
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import stock_up
from tests.schema.packages import ready_cart, seen, shared
from tests.schema.returning import Counter, line_of
from tests.schema.ruling import ruled
from tests.schema.shop import ORDER, PHONE, Payload, act, done, fill, pay, place, read, refusal
from tests.schema.test_points import adjusted, points_of

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]

TO_THE_DOOR = ("orderAccept", "orderReady", "orderDispatch", "orderComplete")

SHOWN = """cart { id totals { discounts { amount } points { amount } payable { amount } }
  adjustments { kind source amount { amount } } }"""
PAID = "query($id: ID!) { order(id: $id) { totals { points { amount } payable { amount } } status } }"


@pytest.fixture
async def paying(owner: Client, member: Client, world: World, platform: Platform) -> Client:
    """A member with 1,000 points, of which each pays 0.05."""
    await ruled(owner, "points.minor_each", 5)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)
    done(await adjusted(owner, 1_000), "member")
    return member


async def filled(member: Client, world: World, points: int, wanted: dict[str, int] | None = None) -> Payload:
    """A member's cart that points are to pay for."""
    cart = await fill(member, world, wanted or {"MILK-1L": 2})
    done(await member.do("cartPointsSet", {"cartId": cart["id"], "points": points}, SHOWN), "cart")
    return cart


async def totals(reader: Client, order: Payload) -> tuple[str, str]:
    found = (await reader.run(PAID, id=order["id"]))["order"]["totals"]
    return found["points"]["amount"], found["payable"]["amount"]


async def test_points_pay_what_they_are_worth_and_the_order_takes_them(
    paying: Client, world: World, clerk: Client, platform: Platform
) -> None:
    cart = await fill(paying, world)
    shown = done(await paying.do("cartPointsSet", {"cartId": cart["id"], "points": 300}, SHOWN), "cart")
    assert shown["totals"] == {
        "discounts": {"amount": "0.00"},
        "points": {"amount": "15.00"},
        "payable": {"amount": "16.80"},
    }
    assert shown["adjustments"] == [{"kind": "POINTS", "source": "points", "amount": {"amount": "-15.00"}}]
    order = await place(paying, cart)
    assert (await totals(paying, order), (await points_of(clerk))[0]) == (("15.00", "16.80"), 700)
    assert (await pay(paying, order))["status"] == "PAID"
    assert await audit(platform, world.tenant) == {}


async def test_no_more_than_the_brands_share_is_paid_in_steps_and_0_takes_them_off(
    paying: Client, world: World, owner: Client, clerk: Client
) -> None:
    await ruled(owner, "points.most_percent", 50)
    await ruled(owner, "points.step", 100)
    cart = await filled(paying, world, 1_000)
    order = await place(paying, cart)
    assert (await totals(paying, order), (await points_of(clerk))[0]) == (("15.00", "16.80"), 700)
    other = await filled(paying, world, 200)
    done(await paying.do("cartPointsSet", {"cartId": other["id"], "points": 0}, SHOWN), "cart")
    assert await totals(paying, await place(paying, other, key="none")) == ("0.00", "31.80")


async def test_who_has_too_few_or_no_cart_of_their_own_is_told_so(
    paying: Client, world: World, owner: Client, client: Client
) -> None:
    cart, guests = await fill(paying, world), await fill(client, world)

    async def asked(who: Client, cart: Payload, points: int) -> tuple[str, object]:
        return refusal(await who.do("cartPointsSet", {"cartId": cart["id"], "points": points}, SHOWN))

    assert await asked(paying, cart, 1_001) == ("INSUFFICIENT_POINTS", ["input", "points"])
    assert await asked(paying, cart, -1) == ("INVALID", ["input", "points"])
    assert (await asked(client, guests, 1))[0] == "NOT_FOUND"
    await ruled(owner, "points.minor_each", 0)
    assert await asked(paying, cart, 1) == ("INVALID", ["input", "points"])


async def test_points_that_are_gone_meanwhile_are_no_discount(
    paying: Client, world: World, owner: Client, clerk: Client, platform: Platform
) -> None:
    cart = await filled(paying, world, 600)
    done(await adjusted(owner, -500), "member")
    asked = {"cartId": cart["id"], "idempotencyKey": "k"}
    assert refusal(await paying.do("orderPlace", asked, ORDER)) == ("INSUFFICIENT_POINTS", ["input", "cartId"])
    assert (await points_of(clerk))[0] == 500
    assert await audit(platform, world.tenant) == {}


async def test_an_order_that_points_pay_for_whole_is_paid_without_money(
    paying: Client, world: World, clerk: Client, platform: Platform, run_worker: RunWorker
) -> None:
    order = await place(paying, await filled(paying, world, 636))
    assert await totals(paying, order) == ("31.80", "0.00")
    paid = await pay(paying, order)
    assert paid["status"] == "PAID"
    done(await paying.do("orderCancel", {"orderId": order["id"], "idempotencyKey": "c"}, ORDER), "order")
    await run_worker()
    assert (await points_of(clerk))[0] == 1_000
    assert await audit(platform, world.tenant) == {}


async def test_points_come_back_with_the_money_by_quantity(
    paying: Client, world: World, owner: Client, clerk: Client, platform: Platform, run_worker: RunWorker
) -> None:
    order = await pay(paying, await place(paying, await filled(paying, world, 301, {"MILK-1L": 3})))
    line = order["lines"][0]["id"]
    seen = []
    for turn in range(3):
        asked = {"orderId": order["id"], "reason": "soured", "idempotencyKey": str(turn)}
        lines = [{"orderLineId": line, "quantity": 1}]
        done(await owner.do("refundCreate", asked | {"lines": lines}, "refund { id }"), "refund")
        await run_worker()
        seen.append((await points_of(clerk))[0])
        assert await audit(platform, world.tenant) == {}
    assert seen == [799, 899, 1_000]


async def test_goods_whose_money_is_back_do_not_bring_their_points_back_again(
    paying: Client, world: World, owner: Client, counter: Counter, platform: Platform, run_worker: RunWorker
) -> None:
    await ruled(owner, "points.most_percent", 50)
    order = await pay(paying, await place(paying, await filled(paying, world, 1_000, {"MILK-1L": 2, "BREAD": 4})))
    shown = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    done(await owner.do("orderVerify", shown, "order { id }"), "order")
    approved = await counter.approved(order, {"MILK-1L": 2})
    lines = [{"orderLineId": line_of(order, "MILK-1L"), "quantity": 2}]
    asked = {"orderId": order["id"], "lines": lines, "reason": "x", "restock": False, "idempotencyKey": "r"}
    done(await owner.do("refundCreate", asked, "refund { id }"), "refund")
    await run_worker()
    assert (await points_of(owner))[0] == 1_000 - 818 + 318
    await counter.received(approved)
    await run_worker()
    assert (await points_of(owner))[0] == 500
    assert await audit(platform, world.tenant) == {}


@pytest.mark.parametrize("cause", ["changed my mind", UNPAID])  # in whatever words it is cancelled in the end
async def test_an_order_that_expires_gives_them_back_and_takes_them_again_where_it_is_paid_late(
    paying: Client,
    world: World,
    client: Client,
    platform: Platform,
    move_clock: MoveClock,
    run_worker: RunWorker,
    cause: str,
) -> None:
    order = await place(paying, await filled(paying, world, 300))
    await move_clock(timedelta(minutes=31))
    await run_worker()
    clerk = await client.staff(world.email("clerk"))
    ended = await read(await client.member(PHONE), order) or {}
    assert (ended["status"], (await points_of(clerk))[0]) == ("CANCELLED", 1_000)
    await paid_late(platform, world, order)
    assert (await points_of(clerk))[0] == 700
    asked = {"orderId": order["id"], "reason": cause, "idempotencyKey": "c"}
    done(await (await client.member(PHONE)).do("orderCancel", asked, ORDER), "order")
    await run_worker()
    assert (await points_of(clerk))[0] == 1_000
    assert await broken(platform, world) == []


async def test_an_order_whose_points_are_spent_meanwhile_stays_expired(
    paying: Client, world: World, client: Client, platform: Platform, move_clock: MoveClock, run_worker: RunWorker
) -> None:
    order = await place(paying, await filled(paying, world, 600))
    await move_clock(timedelta(minutes=31))
    await run_worker()
    done(await adjusted(await client.staff(world.email("owner")), -500), "member")
    with pytest.raises(ReservationExpired):
        await paid_late(platform, world, order)
    assert (await points_of(await client.staff(world.email("clerk"))))[0] == 500
    assert await audit(platform, world.tenant) == {}


async def test_goods_that_points_have_paid_for_and_nobody_sends_give_their_points_back(
    paying: Client, world: World, owner: Client, platform: Platform, run_worker: RunWorker
) -> None:
    await shared(platform, world, owner)
    cart = await ready_cart(paying, world, {"MILK-1L": 1, "BREAD": 2})  # 15.90 and 25.00
    done(await paying.do("cartPointsSet", {"cartId": cart["id"], "points": 1_000}, SHOWN), "cart")
    order = await seen(paying, await pay(paying, await place(paying, cart, acceptSplit=True)))
    assert (order["totals"]["payable"]["amount"], (await points_of(owner))[0]) == ("0.00", 182)
    parts = {one["store"]["code"]: one["id"] for one in order["fulfilments"]}
    done(await act(owner, "orderReject", order, fulfilmentId=parts["S2"]), "order")
    await run_worker()
    assert (await points_of(owner))[0] == 182 + 500
    assert await audit(platform, world.tenant) == {}
    done(await act(owner, "orderReject", order, fulfilmentId=parts["S1"]), "order")
    await run_worker()
    assert (await points_of(owner))[0] == 1_000
    assert await audit(platform, world.tenant) == {}


@pytest.mark.parametrize(("steps", "left"), [((), 1_000), (TO_THE_DOOR, 364)], ids=["not sent yet", "brought"])
async def test_a_delivery_that_is_paid_back_takes_no_goods_back_that_were_brought(
    paying: Client,
    world: World,
    owner: Client,
    platform: Platform,
    run_worker: RunWorker,
    steps: tuple[str, ...],
    left: int,
) -> None:
    cart = await ready_cart(paying, world, {"MILK-1L": 2})
    done(await paying.do("cartPointsSet", {"cartId": cart["id"], "points": 636}, SHOWN), "cart")
    order = await pay(paying, await place(paying, cart))
    assert order["totals"]["payable"]["amount"] == order["totals"]["delivery"]["amount"] == "6.00"
    for step in steps:
        done(await act(owner, step, order), "order")
    asked = {"orderId": order["id"], "amount": "6.00", "reason": "late", "idempotencyKey": "r"}
    done(await owner.do("refundCreate", asked, "refund { id }"), "refund")
    await run_worker()
    assert (await points_of(owner))[0] == left
    assert await audit(platform, world.tenant) == {}


async def paid_late(platform: Platform, world: World, order: Payload) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        found = await orders.lock(work, key_or_nothing("Order", order["id"]))
        assert found is not None
        await orders.pay(work, found)


async def broken(platform: Platform, world: World) -> list[str]:
    """What is wrong with the books of points; an order that was paid by hand has no payment, as core's say."""
    return [key for key in await audit(platform, world.tenant) if key.startswith(("points.", "ledger."))]


async def test_of_many_orders_that_want_the_same_points_one_has_them(
    paying: Client, world: World, clerk: Client, platform: Platform
) -> None:
    said = await crowd(paying, world, platform)
    assert (said.count("PENDING_PAYMENT"), said.count("INSUFFICIENT_POINTS")) == (1, 49)
    assert (await points_of(clerk))[0] == 0
    assert await audit(platform, world.tenant) == {}


async def test_without_looking_at_what_there_is_each_would_have_them(
    paying: Client, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Account.take

    def generous(self: Account, amount: int, **more: Any) -> Any:
        return take(self, amount, **more | {"owing": True})

    monkeypatch.setattr(Account, "take", generous)
    assert (await crowd(paying, world, platform)).count("PENDING_PAYMENT") > 1


async def crowd(paying: Client, world: World, platform: Platform) -> list[str]:
    """What becomes of fifty carts of one member, each paid with all points, placed at the same moment."""
    await stock_up(platform, world, 1_000)
    carts = [await filled(paying, world, 1_000, {"MILK-1L": 4}) for _ in range(50)]

    async def one(cart: Payload) -> str:
        payload = await paying.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": cart["id"]}, ORDER)
        return str(payload["userErrors"][0]["code"] if payload["userErrors"] else payload["order"]["status"])

    return await asyncio.gather(*map(one, carts))
