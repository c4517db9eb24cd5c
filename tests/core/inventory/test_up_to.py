"""The public sees how much there is everywhere up to a number: the same as by adding all places up."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import inventory
from core.actors import system
from core.ids import new_id
from core.inventory import queries
from core.inventory.sellable import SELLABLE
from core.stores.models import Location
from hexmart.testing import Client, World
from tenants import Platform
from tests.core.supply.low_stock import decide
from tests.faults.crowd import SCALE
from tests.faults.shop import MILK, stock_up

pytestmark = pytest.mark.anyio
ACTOR = system("test")
MOST = 7
SHOWN = '{ variant(sku: "MILK-1L") { stock { available onHand reserved } } }'
PLACES = "SELECT id FROM location WHERE tenant_id = $1 ORDER BY id"
EMPTY = "UPDATE stock SET on_hand = 0, reserved = 0 WHERE tenant_id = $1"
FILL = """
INSERT INTO stock (tenant_id, location_id, variant_id, on_hand, reserved)
SELECT $1, s.location_id, $2, s.on_hand, s.reserved FROM unnest($3::uuid[], $4::bigint[], $5::bigint[])
    AS s(location_id, on_hand, reserved)
ON CONFLICT (tenant_id, location_id, variant_id)
DO UPDATE SET on_hand = excluded.on_hand, reserved = excluded.reserved
"""


@dataclass(frozen=True)
class Shelf:
    on_hand: int
    reserved: int


SHELVES = st.builds(lambda free, reserved: Shelf(free + reserved, reserved), st.integers(0, 6), st.integers(0, 3))


@pytest.fixture
async def wide(platform: Platform, world: World) -> World:
    """A brand with twelve places, of which some keep a share or a safety stock."""
    async with platform.open_work(world.tenant, ACTOR) as work:
        work.add(*[Location(id=new_id(), name=f"place {number}", kind="WAREHOUSE") for number in range(9)])
    await decide(platform, world, "S1", sellable_percent=50)
    await decide(platform, world, "S2", safety_stock=2)
    return world


async def _compare(platform: Platform, world: World, shelves: Sequence[Shelf]) -> int:
    """Put so much on the shelves of the places in turn; returns what there is in all."""
    milk = world.variant_keys[MILK]
    async with platform.open_work(world.tenant, ACTOR) as work:
        await work.execute(EMPTY)
        places = [row["id"] for row in await work.fetch(PLACES)][: len(shelves)]
        columns = [one.on_hand for one in shelves], [one.reserved for one in shelves]
        await work.execute(FILL, milk, places, *columns)
        [whole] = await inventory.everywhere(work, [milk])
        [told] = await inventory.up_to(work, [milk], MOST)
    assert told.sellable == min(whole.sellable, MOST)
    return whole.sellable


async def _examples(platform: Platform, world: World, count: int) -> list[int]:
    loop, sums = asyncio.get_running_loop(), list[int]()

    @settings(max_examples=count, deadline=None, database=None)
    @given(st.lists(SHELVES, min_size=1, max_size=12))
    def compare(shelves: list[Shelf]) -> None:
        sums.append(asyncio.run_coroutine_threadsafe(_compare(platform, world, shelves), loop).result())

    await asyncio.to_thread(compare)
    return sums


async def _one_after_the_other(platform: Platform, world: World) -> None:
    """All shelves but one are empty, each time another one."""
    for full in range(12):
        await _compare(platform, world, [Shelf(9 if place == full else 0, 0) for place in range(12)])


async def test_one_full_shelf_is_found_among_empty_ones(platform: Platform, wide: World) -> None:
    await _one_after_the_other(platform, wide)


async def test_it_is_the_whole_sum_up_to_the_number(platform: Platform, wide: World) -> None:
    sums = await _examples(platform, wide, 60 * SCALE)
    assert min(sums) < MOST < max(sums)


async def test_one_that_counts_places_which_sell_nothing_among_them_is_found(
    platform: Platform, wide: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"{SELLABLE} > 0" in queries.UP_TO
    monkeypatch.setattr(queries, "UP_TO", queries.UP_TO.replace(f"{SELLABLE} > 0", f"{SELLABLE} >= 0"))
    with pytest.raises(AssertionError):
        await _one_after_the_other(platform, wide)


async def test_guests_see_no_more_than_99_and_who_may_read_all_stock_sees_all(
    platform: Platform, client: Client, world: World
) -> None:
    await stock_up(platform, world, 60)
    await stock_up(platform, world, 50, store="S2")
    manager, clerk = await client.staff(world.email("manager")), await client.staff(world.email("clerk.s1"))
    shown = [(await who.run(SHOWN))["variant"]["stock"] for who in (client, clerk, manager)]
    assert shown == [
        {"available": 99, "onHand": None, "reserved": None},
        {"available": 99, "onHand": None, "reserved": None},
        {"available": 110, "onHand": 110, "reserved": 0},
    ]
    await stock_up(platform, world, 8, store="S2")
    assert (await client.run(SHOWN))["variant"]["stock"]["available"] == 68
