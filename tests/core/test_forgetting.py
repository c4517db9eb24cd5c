"""What is long over is deleted, batch by batch; what might still be brought stays."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import clock
from core.actors import system
from core.apps.codes import FORGET as FORGET_CODES
from core.identity import IdentityRules
from core.identity.forgetting import TOKENS
from core.jobs import forget, sweeping
from core.work import Work
from hexmart.testing import World
from tenants import Platform
from tests.leftovers import LEFTOVERS, leave

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]
Run = Callable[[], Awaitable[None]]

#: how long after its end a row is still there
KEPT = dict.fromkeys(LEFTOVERS, timedelta(days=1)) | {"ended_session": timedelta(days=IdentityRules().refresh_days)}


async def _count(work: Work, table: str) -> int:
    return int(await work.value(f"SELECT count(*) FROM {table} WHERE tenant_id = $1"))


@pytest.mark.parametrize("table", LEFTOVERS)
async def test_what_is_long_over_is_forgotten_to_the_last_batch(
    platform: Platform, world: World, run_worker: Run, move_clock: Move, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    works, now = platform.works(world.tenant, system("test")), clock.now()
    monkeypatch.setattr(sweeping, "BATCH", 2)
    async with works() as work:
        standing = await _count(work, table)
        await leave(work, [table], [now, now, now, now + timedelta(hours=1)])
    counted = []
    for moved in (timedelta(), KEPT[table] - timedelta(minutes=1), timedelta(minutes=2), timedelta(hours=1)):
        await move_clock(moved)
        await run_worker()
        async with works() as work:
            counted.append(await _count(work, table) - standing)
    assert counted == [4, 4, 1, 0]


async def test_a_step_takes_the_oldest_of_one_batch(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(sweeping, "BATCH", 2)
    async with platform.works(world.tenant, system("test"))() as work:
        await leave(work, ["refresh_token"], [now - timedelta(days=days) for days in (1, 3, 2)])
        assert await forget(work, TOKENS, now) == 2
        left = await work.value("SELECT expires_at FROM refresh_token WHERE tenant_id = $1")
        assert left == now - timedelta(days=1)
        assert [await forget(work, TOKENS, now) for _ in range(2)] == [1, 0]


async def test_a_row_that_somebody_holds_is_left_for_the_next_time(platform: Platform, world: World) -> None:
    works, now = platform.works(world.tenant, system("test")), clock.now()
    async with works() as work:
        await leave(work, ["authorization_code"], [now - timedelta(days=9)] * 3)
    async with works() as holding:
        held = "SELECT 1 FROM authorization_code WHERE tenant_id = $1 LIMIT 1 FOR UPDATE"
        assert await holding.value(held) == 1
        async with works() as work:
            assert await forget(work, FORGET_CODES, now) == 2


async def test_what_another_brand_leaves_is_not_ours_to_forget(
    platform: Platform, world: World, other_world: World
) -> None:
    now = clock.now()
    async with platform.works(other_world.tenant, system("test"))() as work:
        await leave(work, ["refresh_token"], [now - timedelta(days=9)])
    async with platform.works(world.tenant, system("test"))() as work:
        assert await forget(work, TOKENS, now) == 0
