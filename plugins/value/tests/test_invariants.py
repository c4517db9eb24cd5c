"""What must hold of stored value is proven, and what is wrong is found."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from core.ids import new_id
from hexmart.databases import Databases
from plugins.value import paying_out
from plugins.value.invariants import INVARIANTS
from plugins.value.tests.shop import Shop
from tests.core.books.faults import Fault, at
from tests.core.books.planting import Bench
from tests.databases import plain

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]


def _of_nothing(kind: str) -> str:
    """As if the ledger had moved it for something else."""
    return at("ledger_transaction", "source = 'nothing'", f"kind = '{kind}'")


FAULTS = {
    "it was spent on nothing": Fault(_of_nothing("value.spent"), {"value.taken"}),
    "it was given back for nothing": Fault(_of_nothing("value.returned"), {"value.given_back"}),
    "it was credited for nothing": Fault(_of_nothing("value.topped_up"), {"value.paid_in"}),
    "a bonus was given for nothing": Fault(_of_nothing("value.bonus"), {"value.bonus"}),
    "another bonus was promised": Fault(at("value_top_up", "bonus = bonus + 1"), {"value.bonus"}),
    "it was paid out for nothing": Fault(_of_nothing("value.paid_out"), {"value.paid_out"}),
    "money was paid out that stayed the member's": Fault(
        at("refund", "amount = amount + 1", "order_id IS NULL"), {"value.paid_out"}
    ),
}


@pytest.fixture
async def bench(shop: Shop, databases: Databases, run_worker: RunWorker) -> AsyncIterator[Bench]:
    """A brand where a member has paid in, with a bonus, has spent some, had some back, and some paid out."""
    await shop.rules(value__bonus=5_000)
    who = await shop.shopper()
    payment = await shop.pay_in(who, 50_000)
    order = await shop.order(who)
    await shop.pay(who, order)
    await shop.refund(order, 500)
    async with shop.work() as work:
        await paying_out.pay_out(work, payment.id, 1_000, "moved away", str(new_id()))
    await run_worker()
    connection = await asyncpg.connect(plain(databases.owner))
    await connection.execute("BEGIN")
    yield Bench(shop.platform, shop.world.tenant, connection)
    await connection.close()


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found_and_no_other(bench: Bench, fault: str) -> None:
    planted, keys, past = FAULTS[fault]
    assert await bench.broken() == []
    await bench.plant(planted, *past)
    assert set(await bench.broken()) == keys


def test_every_invariant_of_stored_value_has_a_fault_that_it_finds() -> None:
    assert {key for fault in FAULTS.values() for key in fault.found_by} == {one.key for one in INVARIANTS}
