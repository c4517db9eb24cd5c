"""How long an unpaid order keeps its stock."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core import orders, rulebook
from core.actors import system
from core.orders import ReservationExpired, expiring
from core.rulebook import Wanted
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import fill_carts, place_all

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
LEFT = "SELECT reserved_until - app_now() FROM sales_order WHERE tenant_id = $1 AND id = $2"
UNTIL = "SELECT reserved_until FROM sales_order WHERE tenant_id = $1 AND id = $2"
MINUTE = timedelta(minutes=1)


async def _order(platform: Platform, world: World) -> UUID:
    [order] = await place_all(platform, world, await fill_carts(platform, world, 1))
    return order


async def _begins_to_pay(platform: Platform, world: World, order: UUID) -> timedelta:
    """How long the order keeps its stock once somebody has begun to pay it."""
    async with platform.open_work(world.tenant, system("test")) as work:
        locked = await orders.lock(work, order)
        assert locked is not None
        await orders.extend(work, locked)
        left: timedelta = await work.value(LEFT, order)
        return left


async def _until(platform: Platform, world: World, order: UUID) -> datetime:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        found: datetime = await work.value(UNTIL, order)
        return found


async def test_whoever_begins_to_pay_in_the_last_minute_has_the_time_for_it(
    platform: Platform, world: World, move_clock: MoveClock
) -> None:
    order = await _order(platform, world)
    await move_clock(14 * MINUTE)
    assert await _begins_to_pay(platform, world, order) == 5 * MINUTE
    assert not await audit(platform, world.tenant)


async def test_whoever_begins_to_pay_early_has_no_more_time_than_before(platform: Platform, world: World) -> None:
    order = await _order(platform, world)
    before = await _until(platform, world, order)
    await _begins_to_pay(platform, world, order)
    assert await _until(platform, world, order) == before


async def test_nobody_keeps_stock_for_ever_by_beginning_to_pay_again_and_again(
    platform: Platform, world: World, move_clock: MoveClock
) -> None:
    order = await _order(platform, world)
    await move_clock(14 * MINUTE)
    await _begins_to_pay(platform, world, order)
    for _ in range(3):
        await move_clock(4 * MINUTE)
        await _begins_to_pay(platform, world, order)
    await move_clock(3 * MINUTE)
    assert MINUTE / 2 < await _begins_to_pay(platform, world, order) <= MINUTE
    await move_clock(MINUTE)
    with pytest.raises(ReservationExpired):
        await _begins_to_pay(platform, world, order)


async def test_without_its_bound_an_order_would_keep_its_stock_for_ever(
    platform: Platform, world: World, move_clock: MoveClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = "least(app_now() + make_interval(mins => $3), placed_at + make_interval(mins => $4))"
    assert bound in expiring.EXTEND
    monkeypatch.setattr(
        expiring, "EXTEND", expiring.EXTEND.replace(bound, "app_now() + make_interval(mins => $3 + 0 * $4)")
    )
    order = await _order(platform, world)
    for _ in range(12):
        await move_clock(4 * MINUTE)
        assert await _begins_to_pay(platform, world, order) >= 5 * MINUTE


async def test_a_brand_decides_how_long_paying_takes(platform: Platform, world: World, move_clock: MoveClock) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        await rulebook.decide(work, Wanted(key="orders.payment_minutes", value=10))
    await platform.tell_changed(world.tenant.slug)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)
    order = await _order(platform, world)
    await move_clock(14 * MINUTE)
    assert await _begins_to_pay(platform, world, order) == 10 * MINUTE
