"""The books are proven, what is wrong is found, and what is derived is set right."""

import pytest

from core.books import Scope
from hexmart.app import Application
from tests.core.books.faults import DERIVED, FACTS
from tests.core.books.planting import Bench

pytestmark = pytest.mark.anyio
#: where what an invariant is about stands, if not with an order
WORKED_OUT = {"inventory.reserved": "stock", "ledger.balance": "ledger_account"}


@pytest.mark.parametrize("fault", [*DERIVED, *FACTS])
async def test_a_planted_fault_is_found_and_no_other(bench: Bench, fault: str) -> None:
    planted, keys, past = (DERIVED | FACTS)[fault]
    assert await bench.broken() == []
    await bench.plant(planted, *past)
    assert set(await bench.broken()) == keys


@pytest.mark.parametrize("fault", DERIVED)
async def test_what_is_derived_is_set_right_and_nothing_else_is_touched(bench: Bench, fault: str) -> None:
    planted, keys, past = DERIVED[fault]
    before = await bench.rows()
    await bench.plant(planted, *past)
    assert {one.invariant.key for one in await bench.mend()} == keys
    assert await bench.broken() == []
    assert await bench.rows() == before


@pytest.mark.parametrize("fault", FACTS)
async def test_what_is_a_fact_is_left_to_a_person(bench: Bench, fault: str) -> None:
    """Where something derived is wrong because a fact is, it may be worked out anew; facts are as they were."""
    planted, keys, past = FACTS[fault]
    await bench.plant(planted, *past)
    before = await bench.rows()
    mended = {one.invariant.key for one in await bench.mend()}
    assert mended < keys
    after = await bench.rows()
    changed = {table for table, found in after.items() if found != before[table]}
    assert changed <= {WORKED_OUT.get(key, "sales_order") for key in mended}


async def test_every_invariant_of_core_has_a_fault_that_it_finds(application: Application) -> None:
    """Those of the database have theirs in tests/architecture."""
    known = application.platform.hooks(frozenset()).invariants
    wanted = {one.key for one in known if one.scope != Scope.PLATFORM}
    assert {key for fault in (DERIVED | FACTS).values() for key in fault.found_by} == wanted
    derived = {one.key for one in known if one.mending is not None}
    assert {key for fault in DERIVED.values() for key in fault.found_by} == derived


async def test_what_was_mended_is_in_the_audit_log(bench: Bench) -> None:
    await bench.plant(*DERIVED["more is reserved than promised"][:1])
    await bench.mend()
    sql = "SELECT action, before, after FROM audit_entry WHERE tenant_id = $1 AND action = 'books.mended'"
    [entry] = await bench.owner.fetch(sql, bench.tenant.id)
    assert '"invariant": "inventory.reserved"' in entry["after"]
    assert '"reserved": ' in entry["before"]


async def test_an_invariant_that_cannot_be_asked_keeps_no_other_from_it(bench: Bench) -> None:
    await bench.owner.execute("ALTER TABLE reservation RENAME TO lost")
    failed = {one.invariant.key: one.failed for one in (await bench.prove(Scope.BRAND)).breaches}
    assert failed == {
        "inventory.reserved": "UndefinedTableError",
        "orders.reservations": "UndefinedTableError",
        "orders.whole": "UndefinedTableError",
    }


async def test_a_proof_says_how_much_it_was_about(bench: Bench) -> None:
    read = (
        "delivery",
        "idempotency_key",
        "ledger_lot",
        "order_event",
        "outbox",
        "payment",
        "payment_notice",
        "points_earning",
        "points_spending",
        "refund",
        "sales_order",
        "sales_return",
        "shipment",
    )
    counted = [
        await bench.owner.fetchval(f"SELECT count(*) FROM {table} WHERE tenant_id = $1", bench.tenant.id)
        for table in read
    ]
    assert (await bench.prove(Scope.UPKEEP)).rows == sum(counted) > 0


async def test_the_database_is_in_order_whichever_brand_asks(bench: Bench) -> None:
    assert await bench.broken(Scope.PLATFORM) == []
    await bench.owner.execute("ALTER TABLE cart NO FORCE ROW LEVEL SECURITY")
    assert await bench.broken(Scope.PLATFORM) == ["tenants.row_security"]
