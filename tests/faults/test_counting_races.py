"""People count and other systems tell while the brand sells: a number is before a sale or after it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest

from core import clock, idempotency, inventory, orders
from core.actors import ANONYMOUS, system
from core.idempotency import Request
from core.ids import new_id
from core.inventory import posting
from core.orders import PlaceRequest
from core.supply import counting, reconciling
from core.supply.counting import Counted, Recorded, Scope
from core.supply.reconciling import Snapshot, SnapshotLine
from core.work import Work
from hexmart.testing import Client, World
from schema import relay
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import MILK, books, fill_carts

pytestmark = pytest.mark.anyio
ACTOR = system("test")
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND $1::bigint IS NOT NULL"
NO_LOCK = posting.LOCKED.replace("FOR UPDATE OF s", "")
# An INSERT that finds the row waits for whoever is changing it, which keeps many a race from being one.
NO_WAIT = posting.ENSURE.replace(
    "ORDER BY",
    """WHERE NOT EXISTS (
    SELECT FROM stock s WHERE s.tenant_id = $1 AND s.location_id = $2 AND s.variant_id = wanted.variant_id) ORDER BY""",
)
# Whoever has read the stock stays a moment, so that others read the same.
SLOW = f"SELECT read.* FROM ({NO_LOCK}) read, pg_sleep(0.05)"
POSTED = """
SELECT count(*), coalesce(sum(delta), 0)::bigint AS sum FROM stock_movement
WHERE tenant_id = $1 AND reason = 'RECONCILED'
"""
RECONCILIATIONS = "SELECT count(*) FROM stock_reconciliation WHERE tenant_id = $1"


async def _count(platform: Platform, world: World) -> UUID:
    """A count of the first store that has begun."""
    key = new_id()
    async with platform.open_work(world.tenant, ACTOR) as work:
        await counting.start(work, Scope(world.store_keys["S1"], variant_ids=[world.variant_keys[MILK]]), key)
    return key


async def _record(platform: Platform, world: World, key: UUID, counted: int, expected: int) -> str:
    async with platform.open_work(world.tenant, ACTOR) as work:
        [found] = await counting.record(work, key, [Counted(world.variant_keys[MILK], counted, expected)])
    assert isinstance(found, Recorded)
    return found.outcome


async def _close(platform: Platform, world: World, key: UUID) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        await counting.close(work, key)


async def _begun_beside(
    platform: Platform, world: World, first: Callable[[Work], Awaitable[object]], then: Coroutine[Any, Any, Any]
) -> Any:
    """What comes of the second, which begins while the first is not committed yet."""
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        await first(work)
        beside = asyncio.create_task(then)
        await _until_it_waits(platform, world, beside)
    return await beside


async def _until_it_waits(platform: Platform, world: World, task: "asyncio.Task[Any]") -> None:
    """Or is done: then it did not wait."""
    for _ in range(500):
        async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
            if task.done() or await work.value(WAITS):
                return
        await asyncio.sleep(0.01)
    raise AssertionError("it neither waits nor ends")


def _sell(world: World) -> Callable[[Work], Awaitable[object]]:
    goods = {world.variant_keys[MILK]: 1}
    return lambda work: inventory.sell(work, world.store_keys["S1"], {new_id(): goods})


async def _counted_beside_a_sale(platform: Platform, world: World) -> tuple[str, int]:
    """99 are counted once the buyer has taken one of 100; what becomes of it, and what the books say in the end."""
    key = await _count(platform, world)
    outcome = await _begun_beside(platform, world, _sell(world), _record(platform, world, key, 99, 100))
    await _close(platform, world, key)
    return outcome, (await books(platform, world)).on_hand


async def test_what_is_sold_while_it_is_counted_is_counted_again(platform: Platform, world: World) -> None:
    assert await _counted_beside_a_sale(platform, world) == ("STALE", 99)
    assert not await audit(platform, world.tenant)


async def test_a_count_that_did_not_hold_the_stock_would_take_off_a_sale_twice(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ENSURE", NO_WAIT)
    monkeypatch.setattr(posting, "LOCKED", NO_LOCK)
    assert await _counted_beside_a_sale(platform, world) == ("RECORDED", 98)


async def _closed_beside_an_order(platform: Platform, world: World) -> None:
    """Nobody finds any of 100, while three are being ordered."""
    key = await _count(platform, world)
    assert await _record(platform, world, key, 0, 100) == "RECORDED"
    [cart] = await fill_carts(platform, world, 1, {MILK: 3})
    request = PlaceRequest(cart_id=cart, actor=ANONYMOUS, key="k")
    await _begun_beside(platform, world, lambda work: orders.place(work, [request]), _close(platform, world, key))


async def test_a_count_that_ends_while_goods_are_promised_leaves_the_promise(platform: Platform, world: World) -> None:
    await _closed_beside_an_order(platform, world)
    found = await books(platform, world)
    assert (found.on_hand, found.reserved) == (3, 3)
    assert not await audit(platform, world.tenant)


async def test_without_holding_the_stock_the_end_of_a_count_fails_and_the_promise_still_stands(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ENSURE", NO_WAIT)
    monkeypatch.setattr(posting, "LOCKED", NO_LOCK)
    with pytest.raises(RuntimeError, match="below what is promised"):
        await _closed_beside_an_order(platform, world)
    found = await books(platform, world)
    assert (found.on_hand, found.reserved) == (100, 3)


async def _tell(platform: Platform, world: World, hands: int) -> None:
    """The same snapshot, that of 100 litres 7 are gone, from so many hands at once."""
    snapshot = Snapshot(world.store_keys["S1"], clock.now(), [SnapshotLine(93, sku=MILK)], apply=True)

    async def tell() -> None:
        async with platform.open_work(world.tenant, ACTOR) as work:
            await reconciling.reconcile(work, snapshot, new_id())

    await asyncio.gather(*(tell() for _ in range(hands)))


async def test_a_snapshot_that_is_applied_by_many_at_once_is_taken_over_once(platform: Platform, world: World) -> None:
    await _tell(platform, world, 5)
    assert (await books(platform, world)).on_hand == 93
    assert not await audit(platform, world.tenant)


async def test_without_holding_the_stock_a_snapshot_is_taken_over_again_and_again(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ENSURE", NO_WAIT)
    monkeypatch.setattr(posting, "LOCKED", SLOW)
    await _tell(platform, world, 5)
    assert (await books(platform, world)).on_hand < 93


async def _send(platform: Platform, client: Client, world: World) -> tuple[set[str], int, int, int]:
    """The ids that the same mutation with the same key gave five times at once; what was written and posted."""
    owner = await client.staff(world.email("owner"))
    lines = [{"sku": MILK, "onHand": 93}]
    moment = clock.now().isoformat()
    wish = {"locationId": world.stores["S1"], "takenAt": moment, "lines": lines, "apply": True, "idempotencyKey": "k"}
    sent = [owner.do("stockReconcile", wish, "reconciliation { id }") for _ in range(5)]
    ids = {payload["reconciliation"]["id"] for payload in await asyncio.gather(*sent)}
    assert all(relay.key_of("StockReconciliation", one) for one in ids)
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        [(count, posted)] = await work.fetch(POSTED)
        return ids, await work.value(RECONCILIATIONS), count, posted


async def test_a_reconciliation_that_is_sent_again_at_once_is_the_same_one(
    platform: Platform, client: Client, world: World
) -> None:
    ids, written, movements, posted = await _send(platform, client, world)
    assert (len(ids), written, movements, posted) == (1, 1, 1, -7)
    assert not await audit(platform, world.tenant)


async def test_without_its_key_it_would_be_written_down_each_time(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forgetful(_: Work, __: Request, key: UUID, perform: Callable[[UUID], Awaitable[None]]) -> UUID:
        await perform(key)
        return key

    monkeypatch.setattr(idempotency, "once", forgetful)
    ids, written, movements, posted = await _send(platform, client, world)
    assert (len(ids), written, movements, posted) == (5, 5, 1, -7)
