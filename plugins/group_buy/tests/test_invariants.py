"""What must hold of teams and seats is proven, and what is wrong is found."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from hexmart.databases import Databases
from plugins.group_buy.invariants import INVARIANTS
from plugins.group_buy.tests.shop import PRICE, Shop
from tests.core.books.faults import Fault, at
from tests.core.books.planting import Bench
from tests.databases import plain

pytestmark = pytest.mark.anyio
COMPLETE = "EXISTS (SELECT FROM group_buy_team t WHERE t.tenant_id = $1 AND t.id = team_id AND t.state = 'SUCCEEDED')"
OF_COMPLETE = f"id IN (SELECT order_id FROM group_buy_seat WHERE tenant_id = $1 AND {COMPLETE})"
DERIVED = {
    "a campaign has sold more": Fault(at("group_buy_campaign", "taken = taken + 1"), {"group_buy.sold"}),
    "a team has fewer seats": Fault(at("group_buy_team", "taken = taken - 1", "state = 'OPEN'"), {"group_buy.counted"}),
    "nobody of a team has paid": Fault(at("group_buy_team", "paid = 0", "state = 'OPEN'"), {"group_buy.counted"}),
}
FACTS = {
    "too many sit in a team": Fault(
        at("group_buy_team", "size = 1", "state = 'OPEN'"), {"group_buy.full"}, ("group_buy_team",)
    ),
    "a team succeeded with too few": Fault(
        at("group_buy_team", "paid = paid - 1", "state = 'SUCCEEDED'"), {"group_buy.succeeded"}
    ),
    "a stranger leads a team": Fault(
        at("group_buy_team", "leader_id = gen_random_uuid()", "state = 'OPEN'"), {"group_buy.led"}, ("group_buy_team",)
    ),
    "an order that has ended sits in a team": Fault(
        at("sales_order", "status = 'CANCELLED'", OF_COMPLETE),
        {
            *("fulfilment.stands", "orders.end_told", "orders.reservations", "payments.kept"),
            "group_buy.seated",
        },
    ),
    "a seat is not paid for although its order is": Fault(
        at("group_buy_seat", "state = 'RESERVED'", f"state = 'PAID' AND {COMPLETE}"), {"group_buy.paid"}
    ),
    "a team has failed and its money stays": Fault(
        at("group_buy_team", "state = 'FAILED_EXPIRED'", "state = 'OPEN'"), {"group_buy.failed"}
    ),
    "an order waits for a team that is complete": Fault(
        at("sales_order", "held = true", OF_COMPLETE), {"orders.held", "group_buy.waiting"}
    ),
}


@pytest.fixture
async def bench(shop: Shop, databases: Databases) -> AsyncIterator[Bench]:
    """A brand with a team that is complete, and an open one with a seat that is paid for and one that is not."""
    campaign = await shop.campaign({2: PRICE, 3: PRICE - 100})
    complete, _ = await shop.opens(await shop.shopper(), campaign, size=2)
    await shop.joins(await shop.shopper(), complete)
    waiting, _ = await shop.opens(await shop.shopper(), campaign, size=3)
    await shop.joins(await shop.shopper(), waiting, pays=False)
    await shop.delivers()
    connection = await asyncpg.connect(plain(databases.owner))
    await connection.execute("BEGIN")
    yield Bench(shop.platform, shop.world.tenant, connection)
    await connection.close()


@pytest.mark.parametrize("fault", [*DERIVED, *FACTS])
async def test_a_planted_fault_is_found_and_no_other(bench: Bench, fault: str) -> None:
    planted, keys, past = (DERIVED | FACTS)[fault]
    assert await bench.broken() == []
    await bench.plant(planted, *past)
    assert set(await bench.broken()) == keys


@pytest.mark.parametrize("fault", DERIVED)
async def test_a_counter_is_set_right_and_nothing_else_is_touched(bench: Bench, fault: str) -> None:
    planted, keys, past = DERIVED[fault]
    before = await bench.rows()
    await bench.plant(planted, *past)
    assert {one.invariant.key for one in await bench.mend()} == keys
    assert await bench.rows() == before


def test_every_invariant_of_group_purchases_has_a_fault_that_it_finds() -> None:
    found = {key for fault in (DERIVED | FACTS).values() for key in fault.found_by}
    assert {key for key in found if key.startswith("group_buy.")} == {one.key for one in INVARIANTS}
