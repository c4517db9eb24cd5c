"""What comes back: points, what is left of the offer, and what a member may have."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from core import ledger, orders
from core.errors import NotFound
from core.ledger import Unit
from core.orders import Cause, Release, ReservationExpired
from plugins.points_mall import returning
from plugins.points_mall.errors import PointsMallLimit, PointsMallNotCancellable
from plugins.points_mall.tests.shop import Shop

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]
QUARTER_PAST = timedelta(minutes=16)  #: an order waits for its money no longer


async def test_an_order_that_is_cancelled_gives_all_of_it_back_once(shop: Shop) -> None:
    who, offer = await shop.member(), await shop.goods(minor=100, stock=5, per_member=2)
    redemption = await shop.redeem(who, offer, 2)
    order = await shop.order(redemption)
    await shop.cancel_order(order.id)
    async with shop.work() as work:
        await returning.release(work, [Release(order.id, Cause.CANCELLED)])
    assert (await shop.stands(redemption), await shop.balance(who)) == (("RETURNED", 2, 0), 1_000)
    assert (await shop.stands(await shop.redeem(who, offer, 2)))[0] == "ORDERED"
    assert not await shop.audit()


async def test_an_order_for_points_alone_that_is_paid_and_cancelled_gives_them_back(shop: Shop) -> None:
    who = await shop.member()
    redemption = await shop.redeem(who, await shop.goods(stock=5), 2)
    order = await shop.order(redemption)
    await shop.pay(who, order.id)
    await shop.cancel_order(order.id)
    await shop.delivers()
    assert (await shop.stands(redemption), await shop.balance(who)) == (("RETURNED", 2, 0), 1_000)
    assert not await shop.audit()


async def test_an_order_that_nobody_pays_gives_all_of_it_back(shop: Shop, move_clock: MoveClock) -> None:
    who = await shop.member()
    redemption = await shop.redeem(who, await shop.goods(minor=100, stock=1))
    await expires(shop, move_clock)
    assert (await shop.stands(redemption), await shop.balance(who)) == (("RETURNED", 1, 0), 1_000)
    assert not await shop.audit()


async def test_one_that_is_paid_late_takes_it_again_and_gives_it_back_again(shop: Shop, move_clock: MoveClock) -> None:
    who = await shop.member()
    redemption = await shop.redeem(who, await shop.goods(minor=100, stock=1))
    order = await shop.order(redemption)
    await expires(shop, move_clock)
    await pay_late(shop, order.id)
    assert (await shop.stands(redemption), await shop.balance(who)) == (("ORDERED", 0, 1), 900)
    assert not await found(shop)
    await shop.cancel_order(order.id)
    assert (await shop.stands(redemption), await shop.balance(who)) == (("RETURNED", 1, 0), 1_000)
    assert not await found(shop)


async def test_one_that_is_paid_late_stays_ended_where_another_had_the_last(shop: Shop, move_clock: MoveClock) -> None:
    first, second = await shop.members(2)
    offer = await shop.goods(minor=100, stock=1)
    redemption = await shop.redeem(first, offer)
    order = await shop.order(redemption)
    await expires(shop, move_clock)
    await shop.redeem(second, offer)
    with pytest.raises(ReservationExpired):
        await pay_late(shop, order.id)
    assert (await shop.stands(redemption), await shop.balance(first)) == (("RETURNED", 1, 1), 1_000)
    assert not await shop.audit()


async def test_one_that_is_paid_late_stays_ended_where_the_points_are_spent(shop: Shop, move_clock: MoveClock) -> None:
    who = await shop.member(100)
    order = await shop.order(await shop.redeem(who, await shop.goods(minor=100)))
    await expires(shop, move_clock)
    await shop.redeem(who, await shop.service())
    with pytest.raises(ReservationExpired):
        await pay_late(shop, order.id)
    assert await shop.balance(who) == 0
    assert not await shop.audit()


@pytest.mark.parametrize("parts", sorted(set(permutations((1, 1, 2, 3)))))
async def test_refunds_give_back_as_many_as_they_are_for_whatever_their_order(
    shop: Shop, parts: tuple[int, ...]
) -> None:
    who = await shop.member()
    redemption = await shop.redeem(who, await shop.goods(points=37, minor=333, stock=9), 7)
    order = await shop.order(redemption)
    await shop.pay(who, order.id)
    gone = 0
    for quantity in parts:
        gone += quantity
        await shop.refund(order.id, quantity)
        await shop.delivers()
        state = "RETURNED" if gone == 7 else "ORDERED"
        assert (await shop.stands(redemption), await shop.balance(who)) == (
            (state, gone, 7 - gone),
            1_000 - 37 * (7 - gone),
        )
    assert not await shop.audit()


async def test_a_service_that_nobody_used_is_given_back_by_its_member_alone(shop: Shop) -> None:
    who, somebody = await shop.members(2)
    redemption = await shop.redeem(who, await shop.service(stock=1))
    with pytest.raises(NotFound):
        await shop.cancel(somebody, redemption)
    await shop.cancel(who, redemption)
    assert (await shop.stands(redemption), await shop.balance(who)) == (("RETURNED", 1, 0), 1_000)
    with pytest.raises(PointsMallNotCancellable):
        await shop.cancel(who, redemption)
    assert not await shop.audit()


async def test_what_was_used_and_goods_are_not_given_back_so(shop: Shop) -> None:
    who = await shop.member()
    used, goods = await shop.redeem(who, await shop.service()), await shop.redeem(who, await shop.goods())
    await shop.show(await shop.code(used))
    for redemption in (used, goods):
        with pytest.raises(PointsMallNotCancellable):
            await shop.cancel(who, redemption)
    assert await shop.balance(who) == 800


@pytest.mark.parametrize(("back", "balance", "taken"), [(True, 1_000, 0), (False, 900, 1)])
async def test_a_service_that_nobody_came_for_lapses_and_its_points_come_back_by_rule(
    shop: Shop, move_clock: MoveClock, *, back: bool, balance: int, taken: int
) -> None:
    await shop.decide(lapsed_back=back)
    who = await shop.member()
    redemption = await shop.redeem(who, await shop.service(valid_days=1))
    await move_clock(timedelta(days=1, minutes=1))
    assert (await shop.stands(redemption))[0] == "LAPSED"
    async with shop.work() as work:
        assert [await returning.lapse_due(work) for _ in range(2)] == [1, 0]
    assert (await shop.stands(redemption), await shop.balance(who)) == (("LAPSED", 1 if back else 0, taken), balance)
    assert not await shop.audit()


async def test_points_that_come_back_are_good_for_a_while(shop: Shop) -> None:
    """Those they came from may have expired since."""
    who = await shop.member(0)
    await shop.earn(who, 100, days=1)
    redemption = await shop.redeem(who, await shop.service())
    await shop.cancel(who, redemption)
    async with shop.work(read_only=True) as work:
        until = (await ledger.expiries(work, Unit.POINTS, [who]))[who].at
    assert timedelta(days=29) < until - (await shop.redemption(redemption)).created_at <= timedelta(days=30, minutes=1)


async def test_what_comes_back_another_day_counts_for_the_day_it_was_had(shop: Shop, move_clock: MoveClock) -> None:
    who, offer = await shop.member(), await shop.service(per_day=1)
    yesterday = await shop.redeem(who, offer)
    await move_clock(timedelta(days=1))
    await shop.redeem(who, offer)
    await shop.cancel(who, yesterday)
    with pytest.raises(PointsMallLimit) as refusal:
        await shop.redeem(who, offer)
    assert refusal.value.facts == {"most": 1, "span": "a day"}
    assert not await shop.audit()


async def expires(shop: Shop, move_clock: MoveClock) -> None:
    await move_clock(QUARTER_PAST)
    async with shop.work() as work:
        assert await orders.release_unpaid(work) == 1


async def pay_late(shop: Shop, order_id: UUID) -> None:
    async with shop.work() as work:
        order = await orders.lock(work, order_id)
        assert order is not None
        await orders.pay(work, order)


async def found(shop: Shop) -> list[str]:
    """What is wrong with the mall's books; an order that was paid by hand has no payment, as core's say."""
    return [key for key in await shop.audit() if key.startswith("points_mall.")]
