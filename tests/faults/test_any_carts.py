"""Whatever carts hold, in whatever order they come: nothing is promised that is not there."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core import carts, orders
from core.actors import ANONYMOUS
from core.carts import changing
from core.errors import DomainError
from core.inventory import OutOfStock
from core.orders import PlaceRequest
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.shop import MILK, books, stock_up

pytestmark = pytest.mark.anyio
SKUS = (MILK, "MILK-2L", "BREAD")
Lines = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Rush:
    """What is on the shelves, and the carts that are placed, in the order in which they come."""

    stock: Mapping[str, int]
    carts: Sequence[Lines]


LINES = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 4)), min_size=1, max_size=5)
STOCK = st.fixed_dictionaries({sku: st.integers(1, 9) for sku in SKUS})
RUSHES = st.builds(Rush, STOCK, st.lists(LINES, min_size=1, max_size=8))


def _wanted(lines: Lines) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for sku, quantity in lines:
        wanted[sku] = wanted.get(sku, 0) + quantity
    return wanted


def _expected(rush: Rush) -> tuple[list[dict[str, tuple[int, int]] | None], dict[str, int]]:
    """What is short in each cart, by one who serves them in turn: wanted and available; and what is left."""
    left, short = dict(rush.stock), []
    for lines in rush.carts:
        wanted = _wanted(lines)
        missing = {sku: (many, left[sku]) for sku, many in wanted.items() if left[sku] < many}
        if not missing:
            left = {sku: many - wanted.get(sku, 0) for sku, many in left.items()}
        short.append(missing or None)
    return short, left


async def _fill(platform: Platform, world: World, rush: Rush) -> list[UUID]:
    for sku in SKUS:
        await _set_free(platform, world, sku, 50)
    filled = []
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        for lines in rush.carts:
            wanted = [(world.variant_keys[sku], quantity) for sku, quantity in lines]
            cart, cuts = await carts.create(
                work, store_id=world.store_keys["S1"], fulfilment="PICKUP", member_id=None, wanted=wanted
            )
            assert not cuts
            filled.append(cart.id)
    for sku in SKUS:
        await _set_free(platform, world, sku, rush.stock[sku])
    return filled


async def _set_free(platform: Platform, world: World, sku: str, units: int) -> None:
    """What was promised before stays promised."""
    await stock_up(platform, world, (await books(platform, world, sku)).reserved + units, sku)


async def _free(platform: Platform, world: World) -> dict[str, int]:
    found = {sku: await books(platform, world, sku) for sku in SKUS}
    return {sku: one.on_hand - one.reserved for sku, one in found.items()}


async def _together(platform: Platform, world: World, keys: Sequence[UUID]) -> list[UUID | DomainError]:
    """All in one transaction, in this order."""
    requests = [PlaceRequest(cart_id=key, actor=ANONYMOUS, key="k") for key in keys]
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        return await orders.place(work, requests)


def _short(world: World, answer: UUID | DomainError) -> dict[str, tuple[int, int]] | None:
    if isinstance(answer, UUID):
        return None
    assert isinstance(answer, OutOfStock), answer
    skus = {key: sku for sku, key in world.variant_keys.items()}
    return {skus[line.variant_id]: (line.wanted, line.available) for line in answer.lines}


async def _check(platform: Platform, world: World, rush: Rush) -> int:
    """Place them together and compare; returns how many were refused."""
    keys = await _fill(platform, world, rush)
    found = [_short(world, answer) for answer in await _together(platform, world, keys)]
    expected, left = _expected(rush)
    assert found == expected
    assert await _free(platform, world) == left
    return sum(one is not None for one in found)


async def _examples(
    platform: Platform, world: World, count: int, phases: Sequence[Phase] = tuple(Phase)
) -> tuple[int, int]:
    """How many carts were placed, and how many of them refused."""
    loop, placed, refused = asyncio.get_running_loop(), 0, 0

    @settings(max_examples=count, deadline=None, database=None, phases=phases)
    @given(RUSHES)
    def compare(rush: Rush) -> None:
        nonlocal placed, refused
        refused += asyncio.run_coroutine_threadsafe(_check(platform, world, rush), loop).result()
        placed += len(rush.carts)

    await asyncio.to_thread(compare)
    return placed, refused


async def test_any_carts_get_what_one_after_the_other_would_get(platform: Platform, world: World) -> None:
    placed, refused = await _examples(platform, world, 25 * SCALE)
    print(f"C2: {placed} carts of any lines: refused={refused}, each for the lines that are short")  # noqa: T201
    assert 0 < refused < placed
    assert not await audit(platform, world.tenant)


async def test_a_variant_named_twice_is_refused_once_for_the_sum(platform: Platform, world: World) -> None:
    assert await _check(platform, world, Rush(dict.fromkeys(SKUS, 3), [[(MILK, 2), (MILK, 2)]])) == 1
    assert await _check(platform, world, Rush(dict.fromkeys(SKUS, 4), [[(MILK, 2), (MILK, 2)]])) == 0


async def test_lines_that_are_not_merged_are_found(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_wins(wanted: Sequence[tuple[UUID, int]], _: Any) -> dict[UUID, int]:
        return dict(wanted)

    monkeypatch.setattr(changing, "_merged", last_wins)
    with pytest.raises(AssertionError):
        await _examples(platform, world, 40, [Phase.generate])  # nobody needs the smallest
