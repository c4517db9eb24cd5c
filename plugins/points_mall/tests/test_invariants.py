"""What must hold of the points mall is proven, and what is wrong is found."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from hexmart.databases import Databases
from plugins.points_mall.invariants import INVARIANTS
from plugins.points_mall.tests.shop import Shop
from tests.core.books.faults import Fault, at
from tests.core.books.planting import Bench
from tests.databases import plain

pytestmark = pytest.mark.anyio
DERIVED = {
    "an offer has counted too many": Fault(at("points_mall_offer", "taken = taken + 1"), {"points_mall.taken"}),
    "a member has had fewer": Fault(
        at("points_mall_tally", "taken = taken - 1, today = today - 1"), {"points_mall.counted"}
    ),
    "a member has had fewer on a day": Fault(at("points_mall_tally", "today = 0"), {"points_mall.counted"}),
}
FACTS = {
    "there are fewer than were had": Fault(
        at("points_mall_offer", "stock = 0"), {"points_mall.stock"}, ("points_mall_offer",)
    ),
    "a redemption was cheaper than its points": Fault(
        at("points_mall_redemption", "points = points + 1"), {"points_mall.paid"}
    ),
    "goods are nobody's order any more": Fault(
        at("sales_order", "status = 'CANCELLED', payment_status = 'CANCELLED', reserved_until = NULL"),
        {"points_mall.ordered"},
        ("sales_order",),
    ),
}


@pytest.fixture
async def bench(shop: Shop, databases: Databases) -> AsyncIterator[Bench]:
    """A brand where goods were ordered, a service waits and another was given back."""
    who = await shop.member()
    await shop.redeem(who, await shop.goods(minor=100, stock=9), 2)
    await shop.redeem(who, await shop.service(stock=9))
    await shop.cancel(who, await shop.redeem(who, await shop.service(stock=9)))
    await shop.delivers()
    connection = await asyncpg.connect(plain(databases.owner))
    await connection.execute("BEGIN")
    yield Bench(shop.platform, shop.world.tenant, connection)
    await connection.close()


@pytest.mark.parametrize("fault", [*DERIVED, *FACTS])
async def test_a_planted_fault_is_found(bench: Bench, fault: str) -> None:
    planted, keys, past = (DERIVED | FACTS)[fault]
    assert await bench.broken() == []
    await bench.plant(planted, *(past or ("points_mall_tally",)))
    assert keys == {key for key in await bench.broken() if key.startswith("points_mall.")}


@pytest.mark.parametrize("fault", DERIVED)
async def test_a_counter_is_set_right_and_nothing_else_is_touched(bench: Bench, fault: str) -> None:
    planted, keys, _ = DERIVED[fault]
    before = await bench.rows()
    await bench.plant(planted, "points_mall_tally")
    assert {one.invariant.key for one in await bench.mend()} == keys
    assert await bench.rows() == before


def test_every_invariant_of_the_mall_has_a_fault_that_it_finds() -> None:
    assert {key for fault in (DERIVED | FACTS).values() for key in fault.found_by} == {one.key for one in INVARIANTS}
