"""The books are proven, what is wrong is found, and what is derived is set right."""

import pytest

from tests.core.books.planting import Bench

pytestmark = pytest.mark.anyio

#: what is planted, past the conditions of which tables, and the invariants that find it
FAULTS: dict[str, tuple[str, tuple[str, ...], set[str]]] = {
    "more is reserved than promised": (
        "UPDATE stock SET reserved = reserved + 1 WHERE tenant_id = $1 AND reserved > 0",
        ("stock",),
        {"inventory.reserved"},
    ),
    "more is reserved than there is": (
        "UPDATE stock SET on_hand = 0 WHERE tenant_id = $1 AND reserved > 0",
        ("stock",),
        {"inventory.reserved", "inventory.on_hand"},
    ),
    "an order that is not held is": (
        "UPDATE sales_order SET held = true WHERE tenant_id = $1",
        (),
        {"orders.held"},
    ),
}
DERIVED = {"more is reserved than promised", "an order that is not held is"}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found_and_nothing_else(bench: Bench, fault: str) -> None:
    statement, tables, keys = FAULTS[fault]
    assert await bench.broken() == []
    await bench.plant(statement, *tables)
    assert set(await bench.broken()) == keys


@pytest.mark.parametrize("fault", sorted(DERIVED))
async def test_what_is_derived_is_set_right_and_nothing_else_is_touched(bench: Bench, fault: str) -> None:
    statement, tables, keys = FAULTS[fault]
    before = await bench.rows()
    await bench.plant(statement, *tables)
    assert {one.invariant.key for one in await bench.mend()} == keys
    assert await bench.broken() == []
    assert await bench.rows() == before
