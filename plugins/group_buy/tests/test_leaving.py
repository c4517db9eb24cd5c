"""Members who leave: a place is free again, and a team goes on without them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import payments
from core.orders import Release
from core.orders.checkout import Cause
from core.payments import RefundWish
from plugins.group_buy.leaving import release
from plugins.group_buy.tests.audit import audit
from plugins.group_buy.tests.shop import LEADER_PRICE, PRICE, Money, RunWorker, Shop

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]


async def test_a_seat_that_is_not_paid_for_is_free_again_with_its_order(
    shop: Shop, run_worker: RunWorker, move_clock: MoveClock
) -> None:
    leader, second, third = await shop.crowd(3)
    team, _ = await shop.opens(leader, await shop.campaign({2: PRICE}))
    lost = await shop.joins(second, team, pays=False)
    await shop.delivers()
    await move_clock(timedelta(minutes=16))
    await run_worker()
    assert (await shop.seat(lost)).state == "LEFT"
    await shop.joins(third, team)
    await shop.delivers()
    assert (await shop.team(team)).state == "SUCCEEDED"
    assert not await audit(shop)


async def test_a_leader_who_leaves_hands_the_team_over_to_whoever_has_paid(shop: Shop) -> None:
    leader, unpaid, paid = await shop.crowd(3)
    team, first = await shop.opens(leader, await shop.campaign({4: PRICE}))
    await shop.joins(unpaid, team, pays=False)
    await shop.joins(paid, team)
    await shop.delivers()
    await shop.cancels(leader, first)
    await shop.delivers()
    found = await shop.team(team)
    assert (found.leader_id, found.state, found.taken, found.paid) == (paid.id, "FORMING", 2, 1)
    assert await shop.money(first) == Money(LEADER_PRICE, LEADER_PRICE, 1)
    assert (await shop.seat(first)).state == "REFUNDED"
    assert not await audit(shop)


async def test_a_team_that_everybody_has_left_is_over(shop: Shop) -> None:
    leader = await shop.shopper()
    team, first = await shop.opens(leader, await shop.campaign())
    await shop.delivers()
    await shop.cancels(leader, first)
    await shop.delivers()
    found = await shop.team(team)
    assert (found.state, found.taken) == ("FAILED_CANCELLED", 0)
    assert not await audit(shop)


async def test_a_leader_who_is_paid_back_after_success_does_not_unmake_the_team(shop: Shop) -> None:
    leader, second = await shop.crowd(2)
    team, first = await shop.opens(leader, await shop.campaign({2: PRICE}))
    other = await shop.joins(second, team)
    await shop.delivers()
    async with shop.work() as work:
        await payments.refund(work, RefundWish(first, "broken", "r"))
    await shop.delivers()
    assert (await shop.team(team)).state == "SUCCEEDED"
    assert [(await shop.seat(order)).state for order in (first, other)] == ["REFUNDED", "PAID"]
    assert await shop.status(other) == "PAID"
    assert not await audit(shop)


async def test_a_part_that_is_paid_back_leaves_the_place(shop: Shop) -> None:
    leader = await shop.shopper()
    team, first = await shop.opens(leader, await shop.campaign())
    await shop.delivers()
    async with shop.work() as work:
        await payments.refund(work, RefundWish(first, "a dent", "r", amount=10))
    await shop.delivers()
    assert ((await shop.team(team)).paid, (await shop.seat(first)).state) == (1, "PAID")


async def test_what_is_given_back_twice_is_given_back_once(shop: Shop) -> None:
    leader, second = await shop.crowd(2)
    team, _ = await shop.opens(leader, await shop.campaign(stock=10))
    order = await shop.joins(second, team, pays=False)
    await shop.cancels(second, order)
    async with shop.work() as work:
        await release(work, [Release(order, Cause.CANCELLED)] * 2)
    await shop.delivers()
    assert (await shop.team(team)).taken == 1
    assert not await audit(shop)


async def test_a_leader_who_stays_leads_on_whoever_leaves(shop: Shop) -> None:
    leader, paid, gone = await shop.crowd(3)
    team, _ = await shop.opens(leader, await shop.campaign({4: PRICE}), pays=False)
    await shop.joins(paid, team)
    order = await shop.joins(gone, team)
    await shop.delivers()
    await shop.cancels(gone, order)
    assert (await shop.team(team)).leader_id == leader.id
