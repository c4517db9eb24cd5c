"""Batches that are told by several tills at the same moment: each sale is one, and nobody waits in a circle."""

import asyncio
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from core import clock, idempotency, tills
from core.actors import system
from core.errors import DomainError
from core.idempotency import service
from core.tills import Told, ToldLine
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit

pytestmark = pytest.mark.anyio
MILK, BREAD = "6900000000010", "6900000000041"
SOLD_AT = clock.now()
SALES = 30
ORDERS = "SELECT count(*) FROM sales_order WHERE tenant_id = $1"
MEMBERS = "SELECT count(*) FROM member WHERE tenant_id = $1"


def told(number: int) -> Told:
    lines = [ToldLine(MILK, 1, Decimal("15.90")), ToldLine(BREAD, 1, Decimal("12.50"))]
    ordered = lines if number % 2 else lines[::-1]
    return Told(f"R-{number}", SOLD_AT, ordered, Decimal("28.40"), f"1380000{number:04d}")


async def tell(platform: Platform, world: World, numbers: list[int]) -> list[UUID | DomainError]:
    async with platform.open_work(world.tenant, system("test")) as work:
        outcomes = await tills.record_sales(work, world.store_keys["S1"], [told(number) for number in numbers])
    return [one.result for one in outcomes]


async def test_the_same_sales_in_another_order_at_the_same_moment_are_the_same_sales(
    platform: Platform, world: World
) -> None:
    numbers = list(range(SALES))
    batches = [numbers, numbers[::-1], numbers[15:] + numbers[:15], numbers[::2] + numbers[1::2]]
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*(tell(platform, world, batch) for batch in batches))
    found = {frozenset(zip(batch, some, strict=True)) for batch, some in zip(batches, answers, strict=True)}
    assert len(found) == 1  # the same order for the same sale, whoever came first
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert (await work.value(ORDERS), await work.value(MEMBERS)) == (SALES, SALES)
    assert await audit(platform, world.tenant) == {}


#: each row takes its time, so that both batches have some keys when they want the other's
PACED = service.BEGIN.replace("$7\n", "CASE WHEN pg_sleep(0.005) IS NOT NULL THEN $7::timestamptz END\n", 1)
UNORDERED = PACED.replace("ORDER BY 2, 3, 4\n", "")


@pytest.mark.parametrize(("statement", "waits_in_a_circle"), [(PACED, False), (UNORDERED, True)])
async def test_keys_are_written_in_one_order_whatever_the_order_of_the_batch(
    statement: str, waits_in_a_circle: bool, platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len({service.BEGIN, PACED, UNORDERED}) == 3
    monkeypatch.setattr(service, "BEGIN", statement)
    numbers = list(range(40))
    both = (_begin(platform, world, one) for one in (numbers, numbers[::-1]))
    answers = await asyncio.gather(*both, return_exceptions=True)
    told = [type(one) for one in answers if one is not None]
    assert told == [asyncpg.DeadlockDetectedError] * waits_in_a_circle


async def _begin(platform: Platform, world: World, numbers: list[int]) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        requests = [(idempotency.Request("x", "x", str(number), number), UUID(int=number)) for number in numbers]
        await idempotency.begin(work, requests)
