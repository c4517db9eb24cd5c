"""Books are mended while the brand sells."""

import asyncio
from dataclasses import replace

import pytest

from core import books, orders
from core.actors import ANONYMOUS, system
from core.books import Breach, Invariant, Mending, Scope
from core.orders import PlaceRequest
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import fill_carts

pytestmark = pytest.mark.anyio
ONE_MORE = "UPDATE stock SET reserved = reserved + 1 WHERE tenant_id = $1 AND reserved = 0"
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND $1::bigint IS NOT NULL"


async def mended_beside_an_order(platform: Platform, world: World, unlocked: bool = False) -> dict[str, object]:
    """What the audit says after stock was mended while an order for it was being placed."""
    [cart] = await fill_carts(platform, world, 1)
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(ONE_MORE)
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [breach] = (await books.prove(work, Scope.BRAND)).breaches
    if unlocked:
        breach = replace(breach, invariant=_unlocked(breach.invariant))

    async def mend() -> None:
        async with platform.open_work(world.tenant, system("test")) as work:
            await books.mend(work, [breach])

    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        await orders.place(work, [PlaceRequest(cart_id=cart, actor=ANONYMOUS, key="k")])
        mending = asyncio.create_task(mend())
        await _until_somebody_waits(platform, world)
    await mending
    return dict(await audit(platform, world.tenant))


def _unlocked(invariant: Invariant) -> Invariant:
    assert invariant.mending is not None
    lock = invariant.mending.lock.replace("FOR UPDATE OF s", "")
    return replace(invariant, mending=Mending(lock, invariant.mending.change))


async def _until_somebody_waits(platform: Platform, world: World) -> None:
    for _ in range(500):
        async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
            if await work.value(WAITS):
                return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_stock_that_is_being_ordered_is_mended_after_it(platform: Platform, world: World) -> None:
    assert await mended_beside_an_order(platform, world) == {}


async def test_without_its_locks_mending_would_forget_the_order(platform: Platform, world: World) -> None:
    assert set(await mended_beside_an_order(platform, world, unlocked=True)) == {"inventory.reserved"}


async def test_what_has_come_right_meanwhile_is_left_alone(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        [invariant] = [one for one in work.hooks.invariants if one.key == "inventory.reserved"]
        assert await books.mend(work, [Breach(invariant, 1)]) == []
    assert await audit(platform, world.tenant) == {}
