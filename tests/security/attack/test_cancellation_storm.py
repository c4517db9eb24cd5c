"""Thousands of requests cut off at any moment: nobody sees another's rows, and nothing is done by halves."""

import pytest

from core.actors import system
from core.database import transaction
from hexmart.app import Application
from schema.relay import key_of
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.security.attack import books
from tests.security.attack.answers import Canaries
from tests.security.attack.brands import OpenProvider, make_side
from tests.security.attack.furnishing import PLENTY, TEA
from tests.security.attack.sides import Side
from tests.security.attack.storm import ADJUST, AT_ONCE, PLACE, Storm, requests_of
from tests.tenants.pooled import CLEAN, Forgetful, lend_whatever_comes_back, states
from tests.tenants.rows import Connection

pytestmark = [
    pytest.mark.anyio,
    # graphql-core's, when it is cancelled
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]

REQUESTS = 2_000 if SCALE == 1 else 5_000 * SCALE
FEW = 40 * AT_ONCE
ORDERS = "SELECT count(*), count(DISTINCT cart_id) FROM sales_order WHERE tenant_id = $1 AND cart_id = any($2::uuid[])"
ON_HAND = "SELECT on_hand FROM stock WHERE tenant_id = $1 AND location_id = $2 AND variant_id = $3"


@pytest.fixture
async def sides(narrow: Application, open_provider: OpenProvider) -> list[Side]:
    """Two brands."""
    return [await make_side(narrow, await open_provider()) for _ in range(2)]


async def _storm(narrow: Application, sides: list[Side], past: Connection, number: int) -> Storm:
    """So many requests of both brands, cut off."""
    words = [await books.words(past, side.world.tenant.id) for side in sides]
    canaries = {
        side.mark: Canaries(frozenset(words[1 - place] - words[place]), (sides[1 - place].mark,))
        for place, side in enumerate(sides)
    }
    asked = [await requests_of(side, number // 2) for side in sides]
    storm = Storm(canaries)
    storm.look_at(narrow.platform.app)

    async def tenants_left() -> int:
        return sum(state != CLEAN for state in await states(narrow.platform))

    await storm.rage([one for pair in zip(*asked, strict=True) for one in pair], tenants_left)
    return storm


async def test_requests_that_are_cut_off_leave_nothing_behind(
    narrow: Application, sides: list[Side], past: Connection
) -> None:
    storm = await _storm(narrow, sides, past, REQUESTS)
    print(storm)  # noqa: T201 - the figure is wanted
    assert (storm.foreign, storm.faults, storm.tenant_left, storm.checkouts["open"]) == ([], [], 0, 0)
    assert storm.checkouts["clean"] > REQUESTS // 2
    assert min(storm.cut, storm.through) > REQUESTS // 5
    assert [await audit(narrow.platform, side.world.tenant) for side in sides] == [{}, {}]
    for request in storm.kept:  # whoever was cut off asks again
        answer = await request.send()
        assert not answer.response.get("errors"), answer.response
    for side in sides:
        assert await audit(narrow.platform, side.world.tenant) == {}
        assert await _on_hand(narrow.platform, side) == PLENTY + len(_named(storm, side, ADJUST, "idempotencyKey"))
        carts = _named(storm, side, PLACE, "cartId")
        assert await _orders(narrow.platform, side, carts) == (len(carts), len(carts))


def _named(storm: Storm, side: Side, document: str, name: str) -> set[str]:
    """What a side's requests of one kind have named."""
    asked = [one.input for one in storm.kept if one.side is side and one.document == document]
    return {given[name] for given in asked if given is not None}


async def _orders(platform: Platform, side: Side, carts: set[str]) -> tuple[int, int]:
    """How many orders carts have become, and how many of the carts have become one."""
    keys = [key_of("Cart", cart) for cart in carts]
    async with platform.open_work(side.world.tenant, system("test"), read_only=True) as work:
        (row,) = await work.fetch(ORDERS, keys)
    return row[0], row[1]


async def _on_hand(platform: Platform, side: Side) -> int:
    """What lies of tea in the store whose stock was corrected."""
    place, variant = side.world.store_keys["S2"], side.world.variant_keys[TEA]
    async with platform.open_work(side.world.tenant, system("test"), read_only=True) as work:
        return int(await work.value(ON_HAND, place, variant))


async def test_without_both_defences_the_storm_leaves_transactions_open(
    narrow: Application, sides: list[Side], past: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_DriverTransaction", Forgetful)
    lend_whatever_comes_back(narrow.platform)
    storm = await _storm(narrow, sides, past, FEW)
    print(f"without defences: {storm}")  # noqa: T201 - the figure is wanted
    assert storm.checkouts["open"] > 0
