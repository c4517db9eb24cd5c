"""A Work ends at any moment: its connection goes back clean, and nobody sees another's rows."""

import asyncio
import random
import time

import pytest

from core.actors import ANONYMOUS, system
from core.database import transaction
from core.ids import new_id
from hexmart.app import Application
from hexmart.testing import World
from schema.context import Info
from tenants import Platform
from tests.tenants.pooled import CLEAN, POOL, Forgetful, lend_whatever_comes_back, states

pytestmark = pytest.mark.anyio

ACTOR = system("test")
REGIONS = "SELECT count(*) FROM region WHERE tenant_id = $1"
ADD_REGION = "INSERT INTO region (tenant_id, id, name) VALUES ($1, $2, $3)"
WHOSE = "SELECT tenant_id, $1::bigint AS own FROM store UNION ALL SELECT tenant_id, $1 FROM region"


async def _regions(platform: Platform, world: World) -> int:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        return int(await work.value(REGIONS))


@pytest.mark.parametrize("ends", ["well", "badly"])
async def test_no_pooled_connection_remembers_a_tenant(narrow: Application, world: World, ends: str) -> None:
    async def use() -> None:
        async with narrow.platform.open_work(world.tenant, ACTOR) as work:
            await work.execute(ADD_REGION, new_id(), str(new_id()))
            await asyncio.sleep(0.05)  # so that both connections are used
            if ends == "badly":
                raise LookupError

    await asyncio.gather(use(), use(), return_exceptions=True)
    assert await states(narrow.platform) == [CLEAN] * POOL
    assert await _regions(narrow.platform, world) == (2 if ends == "well" else 0)


async def _cancel_at_random(platform: Platform, brands: list[World], times: int) -> tuple[int, set[int]]:
    """Cancel Works that write and read, at any moment: how many got through, and how far from home they saw rows."""
    seen: set[int] = set()

    async def use(world: World) -> None:
        async with platform.open_work(world.tenant, ACTOR) as work:
            await work.execute(ADD_REGION, new_id(), str(new_id()))
            seen.update(row["tenant_id"] - row["own"] for row in await work.fetch(WHOSE))

    begun = time.perf_counter()
    await asyncio.gather(*(use(world) for world in brands * 3))
    whole = time.perf_counter() - begun  # what a round takes here and now, so that about half of it gets through

    async def cancelled(world: World) -> bool:
        task = asyncio.create_task(use(world))
        await asyncio.sleep(random.uniform(0, whole))
        task.cancel()
        return not isinstance((await asyncio.gather(task, return_exceptions=True))[0], BaseException)

    through = 0
    for _ in range(times // 6):
        through += sum(await asyncio.gather(*(cancelled(world) for world in brands * 3)))
    return through, seen


async def test_a_cancelled_work_leaves_no_open_transaction_and_no_tenant(
    narrow: Application, world: World, other_world: World
) -> None:
    through, seen = await _cancel_at_random(narrow.platform, [world, other_world], 600)
    print(f"600 Works cancelled at random: {through} had got through")  # noqa: T201 - the figure is wanted
    assert 0 < through < 600
    assert seen == {0}
    assert await states(narrow.platform) == [CLEAN] * POOL
    written = await _regions(narrow.platform, world) + await _regions(narrow.platform, other_world)
    assert through <= written - 6 < 600  # six measured it; who was cancelled after COMMIT was sent has written too


async def test_a_loader_that_outlives_its_request_has_no_connection_to_use(narrow: Application, world: World) -> None:
    info = Info(narrow.platform, world.tenant, ANONYMOUS, "zh", "request")
    work = info.work
    slow = asyncio.create_task(work.fetch("SELECT pg_sleep(0.1)::text, $1::bigint"))
    await asyncio.sleep(0.03)
    late = asyncio.create_task(work.value(REGIONS))
    await asyncio.sleep(0)
    await info.end()
    outcomes = await asyncio.gather(slow, late, return_exceptions=True)
    assert not any(isinstance(outcome, BaseException) for outcome in outcomes)  # who asked in time was waited for
    with pytest.raises(RuntimeError, match="this Work is over"):
        await work.value(REGIONS)
    with pytest.raises(RuntimeError, match="this request is over"):
        _ = info.work
    assert await states(narrow.platform) == [CLEAN] * POOL


async def _fail(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        await work.execute(ADD_REGION, new_id(), "of a failed request")
        raise LookupError


async def test_an_open_transaction_that_comes_back_is_not_lent_out(
    narrow: Application, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_DriverTransaction", Forgetful)
    with pytest.raises(LookupError):
        await _fail(narrow.platform, world)
    assert await states(narrow.platform) == [CLEAN] * POOL


async def test_without_both_defences_the_next_borrower_would_have_the_tenant_of_the_last(
    narrow: Application, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_DriverTransaction", Forgetful)
    lend_whatever_comes_back(narrow.platform)
    with pytest.raises(LookupError):
        await _fail(narrow.platform, world)
    assert str(world.tenant.id) in {tenant for tenant, _ in await states(narrow.platform)}
