"""`hexmart worker` is killed again and again while it delivers and sweeps: each effect comes once."""

import asyncio
import os
import random
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from core.actors import system
from hexmart.app import create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from hexmart.testing import World
from hexmart.testing.brands import build_world
from plugins.coupons.tests.shop import Shop
from tenants import Platform
from tenants.plugins import enable
from tests.databases import new_database
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.shop import MILK, books, fill_carts, place_all, stock_up
from tests.processes import HEXMART

pytestmark = pytest.mark.anyio
PATIENCE = 120  #: seconds, on a machine that is busy with other tests
KILLS = 3 * SCALE
AT_A_TIME = 40  #: events and orders, each, between two deaths
DELIVERED = "SELECT count(*) FROM delivery WHERE tenant_id = $1 AND done_at IS NOT NULL"
RELEASED = "SELECT count(*) FROM sales_order WHERE tenant_id = $1 AND status = 'CANCELLED'"
RUN_OUT = """
UPDATE sales_order SET reserved_until = app_now() - interval '1 second' WHERE tenant_id = $1 AND id = any($2::uuid[])
"""
COUPONS = """
SELECT m.id, (SELECT count(*) FROM coupons_coupon c WHERE c.tenant_id = $1 AND c.member_id = m.id) AS had
FROM member m WHERE m.tenant_id = $1
"""
EXPIRED = """
SELECT o.id, (SELECT count(*) FROM order_event e
    WHERE e.tenant_id = $1 AND e.order_id = o.id AND e.name = 'expired') AS times
FROM sales_order o WHERE o.tenant_id = $1
"""
Progress = Callable[[], Awaitable[int]]


@pytest.fixture
async def own(database_url: str, settings: Settings) -> AsyncIterator[tuple[Platform, str]]:
    """What opens Works in a database where a worker has nobody else's errands, and its owner's URL."""
    async with new_database(database_url) as owner:
        await migrate(owner)
        made = create_app(Databases.of(owner, settings), settings, with_worker=False)
        yield made.platform, owner
        await made.platform.close()


@contextmanager
def _working(owner: str, settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    assert settings.secret is not None
    told = {"HEXMART_DATABASE_URL": owner, "HEXMART_SECRET": settings.secret.get_secret_value(), "HEXMART_DEMO": "1"}
    with log.open("ab") as output:
        process = subprocess.Popen((HEXMART, "worker"), env=os.environ | told, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


async def _value(platform: Platform, world: World, sql: str) -> int:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return int(await work.value(sql))


async def _moves(progress: Progress, past: int) -> float:
    """Seconds until more has been done."""
    begun = monotonic()
    async with asyncio.timeout(PATIENCE):
        while await progress() <= past:  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.01)
    return monotonic() - begun


async def _give_work(platform: Platform, shop: Shop) -> None:
    """New members, who are welcomed, and orders whose time has run out."""
    await shop.members(AT_A_TIME)
    orders = await place_all(platform, shop.world, await fill_carts(platform, shop.world, AT_A_TIME))
    async with platform.open_work(shop.world.tenant, system("test")) as work:
        await work.execute(RUN_OUT, orders)


async def test_each_effect_comes_once_however_often_the_worker_is_killed(
    own: tuple[Platform, str], settings: Settings, tmp_path: Path
) -> None:
    platform, owner = own
    world = await build_world(platform)
    world.tenant = await enable(platform, world.tenant, system("test"), "coupons")
    await stock_up(platform, world, 10_000)
    shop = Shop(platform, world)
    await shop.campaign(audience="NEW_MEMBERS", per_member=9)

    async def progress() -> int:
        return await _value(platform, world, DELIVERED) + await _value(platform, world, RELEASED)

    recovered: list[float] = []
    for _ in range(KILLS):
        await _give_work(platform, shop)
        with _working(owner, settings, tmp_path / "log"):
            before = await progress()
            recovered.append(await _moves(progress, before))
            await _moves(progress, before + random.randrange(AT_A_TIME))  # and dies at some moment
    left = KILLS * AT_A_TIME * 2 - await progress()
    with _working(owner, settings, tmp_path / "log"):
        await _moves(progress, KILLS * AT_A_TIME * 2 - 1)
    print(  # noqa: T201 - the figure is wanted
        f"C8: worker killed {KILLS} times: effects={KILLS * AT_A_TIME * 2}, left by the killed={left}, "
        f"at work again after {max(recovered):.1f} s, its start included"
    )
    await _assert_once(platform, world)


async def _assert_once(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        had = await work.fetch(COUPONS)
        expired = await work.fetch(EXPIRED)
    assert {row["had"] for row in had} == {1}
    assert {row["times"] for row in expired} == {1}
    assert len(had) == len(expired) == KILLS * AT_A_TIME
    assert (await books(platform, world, MILK)).reserved == 0
    assert not await audit(platform, world.tenant)
