"""A variant that runs low is told of once for each time, whatever made it low."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import inventory, jobs
from core.ids import new_id
from core.supply.replenishing import watching
from core.supply.replenishing.watching import DUE, watch
from hexmart.testing import World
from tenants import Platform
from tests.core.supply.low_stock import ACTOR, SOON, decide, look, sell, told
from tests.faults.shop import MILK, fill_carts, place_all, stock_up

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]
HOUR = timedelta(hours=1)


@pytest.fixture
async def watched(platform: Platform, world: World) -> World:
    """A brand whose stock was looked at: of its apples, 1 kg at two stores, is less than five times 500 g."""
    assert await look(platform, world) == 8
    assert await told(platform, world) == await told(platform, world, "S2") == [("APPLE", 1_000)]
    return world


async def _due(platform: Platform, world: World) -> bool:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        [found] = await jobs.ask(work, [DUE])
    return found


async def test_a_fall_is_told_once_and_again_after_it_has_risen(
    platform: Platform, watched: World, move_clock: MoveClock
) -> None:
    for sold, expected in ((94, 0), (1, 1), (2, 1)):  # 6 are not low, 5 are, 3 still are
        await sell(platform, watched, sold)
        await move_clock(SOON)
        await look(platform, watched)
        assert len(await told(platform, watched)) == 1 + expected
    assert await told(platform, watched) == [("APPLE", 1_000), (MILK, 5)]
    await stock_up(platform, watched, 20)
    await move_clock(SOON)
    await look(platform, watched)
    await sell(platform, watched, 18)
    await move_clock(SOON)
    await look(platform, watched)
    assert (await told(platform, watched))[2:] == [(MILK, 2)]


async def test_one_that_forgets_what_it_has_told_tells_it_again(
    platform: Platform, watched: World, move_clock: MoveClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = "ON CONFLICT (tenant_id, location_id, variant_id) DO UPDATE SET since = excluded.since RETURNING"
    monkeypatch.setattr(watching, "SETTLE", watching.SETTLE.replace("ON CONFLICT DO NOTHING RETURNING", again))
    for sold in (95, 2):
        await sell(platform, watched, sold)
        await move_clock(SOON)
        await look(platform, watched)
    assert [one for one in await told(platform, watched) if one[0] == MILK] == [(MILK, 5), (MILK, 3)]


async def test_what_is_promised_is_not_there_any_more(
    platform: Platform, watched: World, move_clock: MoveClock
) -> None:
    await place_all(platform, watched, await fill_carts(platform, watched, 1, {MILK: 96}))
    await move_clock(SOON)
    await look(platform, watched)
    assert (await told(platform, watched))[1:] == [(MILK, 4)]


async def test_a_store_with_a_rule_of_its_own_is_low_by_that(
    platform: Platform, watched: World, move_clock: MoveClock
) -> None:
    await decide(platform, watched, "S1", low_stock=50)
    for store in ("S1", "S2"):
        await sell(platform, watched, 55, store=store)
    await move_clock(SOON)
    await look(platform, watched)
    assert (await told(platform, watched))[1:] == [(MILK, 45)]
    assert (await told(platform, watched, "S2"))[1:] == []


async def test_what_is_given_back_and_what_a_new_rule_says_is_noticed_within_the_hour(
    platform: Platform, watched: World, move_clock: MoveClock
) -> None:
    [order] = await place_all(platform, watched, await fill_carts(platform, watched, 1, {MILK: 96}))
    await move_clock(SOON)
    await look(platform, watched)
    async with platform.open_work(watched.tenant, ACTOR) as work:
        await inventory.release(work, [order])
    await decide(platform, watched, low_stock=100)
    await move_clock(SOON)
    await look(platform, watched)
    assert len(await told(platform, watched)) == 2
    await move_clock(HOUR)
    await decide(platform, watched, low_stock=5)
    await look(platform, watched)
    await sell(platform, watched, 96)
    await move_clock(SOON)
    await look(platform, watched)
    assert (await told(platform, watched))[2:] == [(MILK, 4)]


async def _sold_late(platform: Platform, world: World, move_clock: MoveClock) -> list[tuple[str, int]]:
    """What is told of a sale that commits after others were looked at."""
    async with platform.open_work(world.tenant, ACTOR) as late:
        await inventory.sell(late, world.store_keys["S1"], {new_id(): {world.variant_keys[MILK]: 95}})
        await sell(platform, world, 1, store="S2")
        await move_clock(timedelta(seconds=1))
        await look(platform, world)
    await move_clock(SOON)
    await look(platform, world)
    return (await told(platform, world))[1:]


async def test_what_commits_late_is_seen(platform: Platform, watched: World, move_clock: MoveClock) -> None:
    assert await _sold_late(platform, watched, move_clock) == [(MILK, 5)]


async def test_without_the_delay_it_is_passed_over_until_the_next_round(
    platform: Platform, watched: World, move_clock: MoveClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LAG", timedelta())
    assert await _sold_late(platform, watched, move_clock) == []
    await move_clock(HOUR)
    await look(platform, watched)
    assert (await told(platform, watched))[1:] == [(MILK, 5)]


async def test_nothing_is_looked_at_twice_and_what_is_cut_goes_on(
    platform: Platform, watched: World, move_clock: MoveClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "STEP", 2)
    await place_all(platform, watched, await fill_carts(platform, watched, 1, {MILK: 1, "BREAD": 1, "MILK-2L": 96}))
    await sell(platform, watched, 97, "BREAD")
    await move_clock(SOON)
    looked = await look(platform, watched)
    assert sorted((await told(platform, watched))[1:]) == [("BREAD", 2), ("MILK-2L", 4)]
    await move_clock(HOUR)
    assert (looked, await look(platform, watched)) == (4 + 8, 8)  # the stock was written before it was first looked at


async def test_a_brand_in_which_nothing_moves_is_left_alone_until_the_next_round(
    platform: Platform, world: World, move_clock: MoveClock
) -> None:
    assert await _due(platform, world)
    await move_clock(SOON)
    await look(platform, world)
    assert not await _due(platform, world)
    await sell(platform, world, 1)
    assert await _due(platform, world)
    await move_clock(SOON)
    await look(platform, world)
    assert not await _due(platform, world)
    await place_all(platform, world, await fill_carts(platform, world, 1))
    assert await _due(platform, world)
    await move_clock(SOON)
    await look(platform, world)
    await move_clock(HOUR)
    assert await _due(platform, world)


async def test_two_that_watch_the_same_brand_do_not_wait_for_each_other(platform: Platform, watched: World) -> None:
    async with platform.open_work(watched.tenant, ACTOR) as one, platform.open_work(watched.tenant, ACTOR) as other:
        await watch(one)
        assert await watch(other) == 0
