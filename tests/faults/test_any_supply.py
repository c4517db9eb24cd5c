"""Whatever comes in, is counted, sold and told, in whatever order: on hand is the sum of its movements."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from core import clock, inventory
from core.actors import system
from core.ids import new_id
from core.inventory import movements, posting
from core.supply import counting, purchasing, reconciling
from core.supply.counting import Counted, Scope, closing
from core.supply.purchasing import Arrival, ArrivalLine
from core.supply.reconciling import Snapshot, SnapshotLine
from core.work import Work
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.shop import MILK, books, fill_carts, place_all

pytestmark = pytest.mark.anyio
#: a mutant is found; a brand keeps what it has lived through, so that the same may end well the second time
FOUND = (AssertionError, Flaky)
ACTOR = system("test")
DIFFERENCE = "l.counted - l.seen AS difference"
SET = """l.counted - (SELECT s.on_hand FROM stock s WHERE s.tenant_id = $1 AND s.location_id = $3
    AND s.variant_id = l.variant_id) AS difference"""
MOVED = "SELECT sum(delta)::bigint FROM stock_movement WHERE tenant_id = $1 AND location_id = $2 AND variant_id = $3"


@dataclass(frozen=True)
class Shelf:
    """How milk stands at the first store, by one who keeps the books in his head."""

    on_hand: int
    reserved: int

    def sold(self, many: int) -> "Shelf":
        """A till sells what lies before it: what the books did not know of is found first."""
        return replace(self, on_hand=max(self.on_hand, many + self.reserved) - many)

    def found(self, number: int) -> "Shelf":
        """Nobody takes what is promised off the books."""
        return replace(self, on_hand=max(number, self.reserved))


def _number(reserved: int, beyond: int) -> int:
    """What somebody counts: not much more than is promised, or even less."""
    return max(reserved - 2 + beyond, 0)


@dataclass(frozen=True)
class Received:
    well: int
    damaged: int

    async def do(self, work: Work, place: UUID, milk: UUID) -> None:
        line = ArrivalLine(milk, self.well, self.damaged)
        await purchasing.receive(work, Arrival([line], location_id=place), new_id())

    def then(self, shelf: Shelf) -> Shelf:
        return replace(shelf, on_hand=shelf.on_hand + self.well)


@dataclass(frozen=True)
class Sold:
    many: int

    async def do(self, work: Work, place: UUID, milk: UUID) -> None:
        await inventory.sell(work, place, {new_id(): {milk: self.many}})

    def then(self, shelf: Shelf) -> Shelf:
        return shelf.sold(self.many)


@dataclass(frozen=True)
class Told:
    """Another system's number, which is taken over."""

    beyond: int

    async def do(self, work: Work, place: UUID, milk: UUID) -> None:
        [there] = await inventory.at_location(work, place, [milk])
        line = SnapshotLine(_number(there.reserved, self.beyond), sku=MILK)
        snapshot = Snapshot(place, clock.now(), [line], apply=True)
        await reconciling.reconcile(work, snapshot, new_id())

    def then(self, shelf: Shelf) -> Shelf:
        return shelf.found(_number(shelf.reserved, self.beyond))


@dataclass(frozen=True)
class CountedWhileSelling:
    """A number is counted, some are sold at the till, and the count ends."""

    beyond: int
    sold: int

    async def do(self, work: Work, place: UUID, milk: UUID) -> None:
        key, there = new_id(), (await inventory.at_location(work, place, [milk]))[0]
        await counting.start(work, Scope(place, variant_ids=[milk]), key)
        counted = Counted(milk, _number(there.reserved, self.beyond), there.on_hand)
        await counting.record(work, key, [counted])
        if self.sold:
            await inventory.sell(work, place, {new_id(): {milk: self.sold}})
        await counting.close(work, key)

    def then(self, shelf: Shelf) -> Shelf:
        after = shelf.sold(self.sold) if self.sold else shelf
        if after.on_hand != shelf.on_hand - self.sold:  # the till has found some: nobody knows which were counted
            return after
        return after.found(after.on_hand + _number(shelf.reserved, self.beyond) - shelf.on_hand)


Happening: TypeAlias = Received | Sold | Told | CountedWhileSelling
FEW = st.integers(0, 12)
HAPPENINGS = st.one_of(
    st.builds(Received, st.integers(1, 12), FEW),
    st.builds(Sold, st.integers(1, 12)),
    st.builds(Told, FEW),
    st.builds(CountedWhileSelling, FEW, FEW),
)


async def _begin(platform: Platform, world: World, promised: int) -> Shelf:
    """Milk of which so many more are promised than before."""
    carts = await fill_carts(platform, world, promised)
    await place_all(platform, world, carts)
    found = await books(platform, world)
    return Shelf(found.on_hand, found.reserved)


async def _check(platform: Platform, world: World, promised: int, happenings: Sequence[Happening]) -> None:
    place, milk = world.store_keys["S1"], world.variant_keys[MILK]
    async with platform.open_work(world.tenant, ACTOR) as work:
        await purchasing.receive(work, Arrival([ArrivalLine(milk, 5)], location_id=place), new_id())
    shelf = await _begin(platform, world, promised)
    for one in happenings:
        async with platform.open_work(world.tenant, ACTOR) as work:
            await one.do(work, place, milk)
            moved = await work.value(MOVED, place, milk)
        shelf, found = one.then(shelf), await books(platform, world)
        assert (found.on_hand, found.reserved) == (shelf.on_hand, shelf.reserved), one
        assert moved == found.on_hand
        assert 0 <= found.reserved <= found.on_hand


async def _examples(
    platform: Platform, world: World, count: int, phases: Sequence[Phase] = tuple(Phase)
) -> Mapping[str, int]:
    """What happened, and how often."""
    loop, happened = asyncio.get_running_loop(), dict[str, int]()

    @settings(max_examples=count, deadline=None, database=None, phases=phases)
    @given(st.integers(0, 2), st.lists(HAPPENINGS, min_size=1, max_size=8))
    def compare(promised: int, happenings: list[Happening]) -> None:
        asyncio.run_coroutine_threadsafe(_check(platform, world, promised, happenings), loop).result()
        for one in happenings:
            happened[type(one).__name__] = happened.get(type(one).__name__, 0) + 1

    await asyncio.to_thread(compare)
    return happened


async def test_whatever_happens_to_stock_its_movements_add_up(platform: Platform, world: World) -> None:
    happened = await _examples(platform, world, 25 * SCALE)
    print(f"supply: {sum(happened.values())} happenings: {happened}")  # noqa: T201 - wanted
    assert len(happened) == 4
    assert not await audit(platform, world.tenant)


async def test_a_movement_that_nobody_wrote_down_is_found(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = movements.record

    async def forgetful(work: Work, reason: str, deltas: Any, **more: Any) -> None:
        if reason != inventory.RECONCILED:
            await record(work, reason, deltas, **more)

    monkeypatch.setattr(posting, "record", forgetful)
    with pytest.raises(FOUND):
        await _examples(platform, world, 40, [Phase.generate])  # nobody needs the smallest


async def test_a_count_that_sets_the_number_and_posts_no_difference_is_found(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sold between counting and the end would be on the shelf again."""
    assert DIFFERENCE in closing.SINCE
    monkeypatch.setattr(closing, "SINCE", closing.SINCE.replace(DIFFERENCE, SET))
    with pytest.raises(FOUND):
        await _examples(platform, world, 40, [Phase.generate])
