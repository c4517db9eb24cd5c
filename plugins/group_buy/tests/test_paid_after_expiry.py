"""An order that expired and is paid after all needs its place again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from core import orders
from core.orders import ReservationExpired
from plugins.group_buy.tests.shop import PRICE, Shop

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]


async def _expires(shop: Shop, move_clock: MoveClock) -> None:
    await move_clock(timedelta(minutes=16))
    async with shop.work() as work:
        assert await orders.release_unpaid(work) == 1


async def _is_paid_late(shop: Shop, order_id: UUID) -> None:
    async with shop.work() as work:
        order = await orders.lock(work, order_id)
        assert order is not None
        await orders.pay(work, order)


async def test_a_place_that_is_still_free_is_taken_again(shop: Shop, move_clock: MoveClock) -> None:
    leader, second = await shop.crowd(2)
    team, _ = await shop.opens(leader, await shop.campaign({2: PRICE}))
    order = await shop.joins(second, team, pays=False)
    await shop.delivers()
    await _expires(shop, move_clock)
    assert ((await shop.seat(order)).state, (await shop.team(team)).taken) == ("LEFT", 1)
    await _is_paid_late(shop, order)
    assert await shop.held(order)
    await shop.delivers()
    found = await shop.team(team)
    assert (found.state, found.taken, found.paid) == ("SUCCEEDED", 2, 2)
    assert not await shop.held(order)


async def test_a_place_that_somebody_else_has_by_now_is_gone(shop: Shop, move_clock: MoveClock) -> None:
    leader, second, third = await shop.crowd(3)
    team, _ = await shop.opens(leader, await shop.campaign({2: PRICE}))
    order = await shop.joins(second, team, pays=False)
    await _expires(shop, move_clock)
    await shop.joins(third, team)
    with pytest.raises(ReservationExpired):
        await _is_paid_late(shop, order)
    assert (await shop.status(order), (await shop.seat(order)).state) == ("CANCELLED", "LEFT")


async def test_a_team_that_is_over_takes_nobody_back(shop: Shop, move_clock: MoveClock) -> None:
    leader = await shop.shopper()
    team, order = await shop.opens(leader, await shop.campaign({2: PRICE}), pays=False)
    await _expires(shop, move_clock)
    assert (await shop.team(team)).state == "FAILED_CANCELLED"
    with pytest.raises(ReservationExpired):
        await _is_paid_late(shop, order)
