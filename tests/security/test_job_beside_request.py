"""A job of one brand beside requests of another, on a pool of two: each sees its own brand and no other."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest

from core.actors import system
from core.database import transaction
from core.jobs import Job
from core.work import Work
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.worker import Worker
from tests.tenants.pooled import CLEAN, POOL, states

pytestmark = pytest.mark.anyio

TIMES = 400  #: of each
#: whose rows are to be seen, with no condition but the one that PostgreSQL adds
WHOSE = "SELECT tenant_id, $1::bigint AS own FROM store UNION ALL SELECT tenant_id, $1 FROM cart"
QUERY = "{ brand { slug } stores { nodes { id } } }"
CARTS = "SELECT count(*) FROM cart WHERE tenant_id = $1"
CART = "mutation { cartCreate(input: {}) { cart { id } } }"


@dataclass
class Seen:
    """What either side saw that it should not have."""

    by_jobs: set[int] = field(default_factory=set)  #: how far from home rows were
    by_requests: set[str] = field(default_factory=set)  #: brands and stores that were shown
    jobs: int = 0
    requests: int = 0


async def side_by_side(narrow: Application, world: World, other: World) -> Seen:
    seen = Seen()
    worker = Worker(narrow.platform)

    async def look(work: Work) -> int:
        rows = await work.fetch(WHOSE)
        await asyncio.sleep(0)
        rows += await work.fetch(WHOSE)
        seen.by_jobs.update(row["tenant_id"] - row["own"] for row in rows)
        seen.jobs += 1
        return 0

    async def work_on() -> None:
        job = Job("look", timedelta(seconds=1), look)
        for _ in range(TIMES):
            await worker.run_job(world.tenant, job)

    async def shop() -> None:
        client = Client(narrow, other.tenant.slug)
        for _ in range(TIMES // 2):
            data = await client.run(QUERY)
            await client.run(CART)
            seen.by_requests |= {data["brand"]["slug"], *(node["id"] for node in data["stores"]["nodes"])}
            seen.requests += 2

    await asyncio.gather(work_on(), shop(), work_on(), shop())
    return seen


async def test_a_job_beside_a_request_sees_its_own_brand(narrow: Application, world: World, other_world: World) -> None:
    seen = await side_by_side(narrow, world, other_world)
    strange = seen.by_requests - {other_world.tenant.slug, *other_world.stores.values()}
    print(  # noqa: T201 - the figure is wanted
        f"jobs={seen.jobs} requests={seen.requests} pool={POOL} foreign to jobs={len(seen.by_jobs - {0})}"
        f" foreign to requests={len(strange)}"
    )
    assert (seen.by_jobs, strange) == ({0}, set())
    assert (seen.jobs, seen.requests) == (2 * TIMES, 2 * TIMES)
    assert await states(narrow.platform) == [CLEAN] * POOL
    async with narrow.platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert await work.value(CARTS) == 0


async def test_a_transaction_that_is_bound_to_another_brand_now_and_then_is_noticed(
    narrow: Application, world: World, other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, begun = transaction._opening, count()

    def confused(tenant_id: int, clock_offset: int, read_only: bool) -> str:
        wrong = other_world if tenant_id == world.tenant.id and next(begun) % 50 == 7 else None
        return opening(wrong.tenant.id if wrong else tenant_id, clock_offset, read_only)

    monkeypatch.setattr(transaction, "_opening", confused)
    seen = await side_by_side(narrow, world, other_world)
    assert seen.by_jobs == {0, other_world.tenant.id - world.tenant.id}
