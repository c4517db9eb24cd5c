"""Two hands at one shelf: whatever they do at the same instant, goods come in once and the books add up."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest

from core.actors import system
from core.errors import DomainError
from core.ids import new_id
from core.supply import purchasing
from core.supply.purchasing import Arrival, ArrivalLine, Draft, DraftLine, SupplierDraft, ordering, receiving
from core.supply.purchasing.queries import LINES, ORDERS_BY_IDS
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import MILK, books

pytestmark = pytest.mark.anyio
ACTOR = system("test")
# A transaction that has read what is still to come stays a moment, so that others read it too.
NO_LOCK = ORDERS_BY_IDS
SLOW = f"SELECT read.* FROM ({LINES}) read, pg_sleep(0.05)"
NO_GUARD = receiving.COUNT_UP.split("AND l.received + r.received")[0] + "AND $6::bigint = $6::bigint"
RECEIVED = "SELECT received FROM purchase_order_line WHERE tenant_id = $1 AND purchase_order_id = $2"


async def order(platform: Platform, world: World, quantity: int) -> UUID:
    """Milk that is expected at S1."""
    key = new_id()
    async with platform.open_work(world.tenant, ACTOR) as work:
        supplier = await purchasing.add_supplier(work, SupplierDraft("Dairy"))
        line = DraftLine(world.variant_keys[MILK], quantity, 100)
        await purchasing.create(work, Draft(supplier, world.store_keys["S1"], [line]), key)
        await purchasing.submit(work, key)
    return key


async def receive_all(platform: Platform, world: World, key: UUID, quantity: int, hands: int) -> Counter[str]:
    """So many people record the same rest at once; what became of it, by how often."""

    async def receive() -> str:
        arrival = Arrival([ArrivalLine(world.variant_keys[MILK], quantity)], purchase_order_id=key)
        try:
            async with platform.open_work(world.tenant, ACTOR) as work:
                await purchasing.receive(work, arrival, new_id())
        except DomainError as refusal:
            return refusal.code
        except RuntimeError:
            return "ERROR"
        return "RECEIVED"

    return Counter(await asyncio.gather(*(receive() for _ in range(hands))))


async def test_two_receipts_of_the_same_rest_are_one(platform: Platform, world: World) -> None:
    key = await order(platform, world, 10)
    assert await receive_all(platform, world, key, 10, 5) == {"RECEIVED": 1, "PURCHASE_ORDER_STATE": 4}
    assert (await books(platform, world)).on_hand == 110
    assert not await audit(platform, world.tenant)


async def test_parts_that_come_at_once_are_all_counted_up_to_what_was_ordered(platform: Platform, world: World) -> None:
    key = await order(platform, world, 10)
    outcomes = await receive_all(platform, world, key, 3, 5)
    assert outcomes == {"RECEIVED": 3, "OVER_RECEIPT": 2}
    assert (await books(platform, world)).on_hand == 109
    assert not await audit(platform, world.tenant)


async def test_the_guard_alone_lets_nothing_come_twice_but_answers_with_errors(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "LOCK", NO_LOCK)
    monkeypatch.setattr(receiving, "LINES", SLOW)
    key = await order(platform, world, 10)
    outcomes = await receive_all(platform, world, key, 10, 3)
    assert outcomes["RECEIVED"] == 1
    assert outcomes["ERROR"] > 0
    assert (await books(platform, world)).on_hand == 110


async def test_without_lock_and_guard_the_same_goods_come_twice(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "LOCK", NO_LOCK)
    monkeypatch.setattr(receiving, "LINES", SLOW)
    monkeypatch.setattr(receiving, "COUNT_UP", NO_GUARD)
    key = await order(platform, world, 10)
    assert (await receive_all(platform, world, key, 10, 3))["RECEIVED"] > 1
    assert (await books(platform, world)).on_hand > 110
