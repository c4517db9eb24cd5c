"""A table of a made-up plugin, for as long as a test needs it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from core.actors import system
from hexmart.databases import Databases
from hexmart.testing import World
from tenants import Platform
from tests.core.orders.plugins import SEATS
from tests.databases import plain


@pytest.fixture
async def seats_table(databases: Databases) -> AsyncIterator[None]:
    """What the plugin `seats` would have migrated."""
    owner = await asyncpg.connect(plain(databases.owner))
    await owner.execute(f"SET ROLE hexmart_owner; {SEATS}")
    yield
    await owner.execute("DROP TABLE seats_seat")
    await owner.close()


async def put_seats(platform: Platform, world: World, count: int) -> None:
    """So many free seats at the test's brand."""
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(
            "INSERT INTO seats_seat (tenant_id, number) SELECT $1, * FROM generate_series(1, $2::integer)", count
        )


async def seats_taken(platform: Platform, world: World) -> list[object]:
    """The orders that have a seat."""
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        rows = await work.fetch("SELECT order_id FROM seats_seat WHERE tenant_id = $1 AND order_id IS NOT NULL")
    return [row["order_id"] for row in rows]
