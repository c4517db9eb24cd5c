"""An order that expired and is paid after all needs its coupon again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from core import orders
from core.orders import ReservationExpired
from plugins.coupons.tests.shop import Shop

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


async def test_a_coupon_that_came_back_goes_with_the_order_again(shop: Shop, move_clock: MoveClock) -> None:
    held = await shop.coupon_of()
    order_id = await shop.order(held.member_id, held.code)
    await _expires(shop, move_clock)
    assert await shop.state(held) == "UNUSED"
    await _is_paid_late(shop, order_id)
    row = await shop.coupon(held.id)
    assert (row.state, row.order_id, row.minor_discount) == ("TAKEN", order_id, 500)


async def test_a_coupon_that_another_order_took_meanwhile_is_gone(shop: Shop, move_clock: MoveClock) -> None:
    held = await shop.coupon_of()
    order_id = await shop.order(held.member_id, held.code)
    await _expires(shop, move_clock)
    other = await shop.order(held.member_id, held.code)
    with pytest.raises(ReservationExpired):
        await _is_paid_late(shop, order_id)
    assert ((await shop.coupon(held.id)).order_id, (await shop.order_row(order_id)).status) == (other, "CANCELLED")


async def test_a_coupon_whose_time_is_over_is_gone(shop: Shop, move_clock: MoveClock) -> None:
    held = await shop.coupon_of(valid_days=1)
    order_id = await shop.order(held.member_id, held.code)
    await _expires(shop, move_clock)
    await move_clock(timedelta(days=2))
    with pytest.raises(ReservationExpired):
        await _is_paid_late(shop, order_id)
