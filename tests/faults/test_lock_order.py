"""Many buyers want the same few goods, each named in an order of its own: nobody waits in a circle."""

import asyncio
import random
from uuid import UUID

import asyncpg
import pytest

from core import carts, catalog, inventory
from core.actors import ANONYMOUS, system
from core.catalog.models import Product, Variant
from core.inventory import Correction, reserving
from hexmart.testing import Client, World
from tenants import Platform
from tests.databases import plain
from tests.faults.audit import audit
from tests.faults.crowd import SCALE, Several, rush

pytestmark = pytest.mark.anyio
BUYERS, GOODS, OF_EACH = 64, 30, 10
MOST_ROUNDS = 20
PROCESSES = 4
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
# each process in an order of its own, and slowly
UNSORTED = "SELECT locked.*, pg_sleep(0.005) FROM ({}) locked".format(
    reserving.LOCK.replace(
        "ORDER BY s.location_id, s.variant_id", "ORDER BY md5(s.variant_id::text || pg_backend_pid()::text)"
    )
)


async def _add_goods(platform: Platform, world: World) -> list[UUID]:
    rows = [
        Variant(sku=f"G-{n}", name=f"G{n}", name_en=f"G{n}", options=[], unit="PIECE", priced_per=1, price=100 + n)
        for n in range(GOODS)
    ]
    async with platform.open_work(world.tenant, system("test")) as work:
        product = Product(slug="goods", name="G", name_en="G", description="G", category_id=None, images=[])
        await catalog.add_product(work, product, rows, category="G")
        await work.session.flush()
        for row in rows:
            await inventory.correct(work, world.store_keys["S1"], row.id, Correction("OPENING", delta=10_000))
    return [row.id for row in rows]


async def _carts(platform: Platform, world: World, goods: list[UUID], count: int) -> list[UUID]:
    """Of ten goods each, in any order."""
    filled = []
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        for _ in range(count):
            wanted = [(key, 1) for key in random.sample(goods, OF_EACH)]
            cart, _ = await carts.create(
                work, store_id=world.store_keys["S1"], fulfilment="PICKUP", member_id=None, wanted=wanted
            )
            filled.append(cart.id)
    return filled


async def _deadlocks(database_url: str) -> int:
    """So far, in this database; told a moment late."""
    await asyncio.sleep(0.2)
    connection = await asyncpg.connect(plain(database_url))
    try:
        return int(await connection.fetchval(DEADLOCKS))
    finally:
        await connection.close()


@pytest.fixture
def retries(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses before a transaction was tried again."""
    pauses: list[float] = []

    def uniform(_: float, longest: float) -> float:
        pauses.append(longest)
        return random.random() * longest

    monkeypatch.setattr("tenants.batches.random.uniform", uniform)
    return pauses


async def _round(platform: Platform, client: Client, world: World, goods: list[UUID], buyers: int = BUYERS) -> None:
    carts = await _carts(platform, world, goods, buyers)
    crowd = await rush(client, carts)
    if buyers < BUYERS and crowd.other:  # told BUSY: they come again, by the same key
        crowd = await rush(client, carts)
    assert (len(crowd.orders), crowd.short, crowd.other) == (buyers, [], [])
    assert not await audit(platform, world.tenant)


async def test_rows_are_locked_in_one_order_so_there_is_no_deadlock(
    platform: Platform,
    client: Client,
    world: World,
    database_url: str,
    retries: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "checkouts", Several(platform, PROCESSES))
    before, goods, rounds = await _deadlocks(database_url), await _add_goods(platform, world), 2 * SCALE
    for _ in range(rounds):
        await _round(platform, client, world, goods)
    found = await _deadlocks(database_url) - before
    print(  # noqa: T201 - the figure is wanted
        f"C3: {BUYERS} buyers x {rounds} rounds, {OF_EACH} of {GOODS} goods in any order: "
        f"deadlocks={found} retries={len(retries)}"
    )
    assert (found, retries) == (0, [])


async def test_in_any_order_there_would_be_deadlocks_and_the_repetition_serves_everybody(
    platform: Platform,
    client: Client,
    world: World,
    database_url: str,
    retries: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "checkouts", Several(platform, 2))  # a deadlock takes a second to be noticed
    monkeypatch.setattr(reserving, "LOCK", UNSORTED)
    before, goods, found = await _deadlocks(database_url), await _add_goods(platform, world), 0
    for _ in range(MOST_ROUNDS):  # whether two meet is chance
        await _round(platform, client, world, goods, buyers=8)
        if found := await _deadlocks(database_url) - before:
            break
    print(f"C3: locked in any order: deadlocks={found} retries={len(retries)}")  # noqa: T201 - the figure is wanted
    assert found
    assert retries
