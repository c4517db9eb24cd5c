"""Writes that wait for each other go together, before whatever asks for them, and fail as if they had not waited."""

from contextlib import AbstractAsyncContextManager

import pytest
from asyncpg.exceptions import UniqueViolationError
from sqlalchemy import func, select

from core.actors import system
from core.database import Writes
from core.database.statements import Tables
from core.errors import Invalid
from core.ids import new_id
from core.stores.models import Region
from core.work import Work
from hexmart.testing import World
from hexmart.testing.statements import listening
from tenants.platform import Platform

pytestmark = pytest.mark.anyio

REGION = "INSERT INTO region (tenant_id, id, name) VALUES ($1, $2, $3)"
RENAME = "UPDATE region SET name = $3 WHERE tenant_id = $1 AND id = $2"
SUPPLIER = """
INSERT INTO supplier (tenant_id, id, name, lead_days)
SELECT $1, s.id, s.name, 1 FROM unnest($2::uuid[], $3::text[]) AS s(id, name)
"""
NAMES = "SELECT name FROM region WHERE tenant_id = $1 AND id = $2"
COUNT = "SELECT count(*) FROM supplier WHERE tenant_id = $1"
NOTHING = Tables(frozenset(), frozenset())


def opened(platform: Platform, world: World) -> AbstractAsyncContextManager[Work]:
    return platform.open_work(world.tenant, system("test"))


async def test_they_go_in_one_statement_with_the_events_of_the_transaction(platform: Platform, world: World) -> None:
    key, others = new_id(), [new_id(), new_id()]
    async with opened(platform, world) as work:
        with listening() as sent:
            work.write(REGION, key, "North")
            work.write(SUPPLIER, others, ["one", "two"], rows=2)
            assert sent == []
            assert await work.value(NAMES, key) == "North"
        assert len(sent) == 2
        assert await work.value(COUNT) == 2


async def test_what_one_writes_the_next_one_finds(platform: Platform, world: World) -> None:
    key = new_id()
    async with opened(platform, world) as work:
        work.write(REGION, key, "North")
        work.write(RENAME, key, "South", rows=1)
        work.write(RENAME, key, "East", rows=1)
        assert await work.value(NAMES, key) == "East"


async def test_in_one_statement_the_next_one_would_find_nothing(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: writes that know nothing of each other's tables."""
    add = Writes.add
    monkeypatch.setattr(Writes, "add", lambda self, write, _: add(self, write, NOTHING))
    async with opened(platform, world) as work:
        key = new_id()
        work.write(REGION, key, "North")
        work.write(RENAME, key, "South", rows=1)
        with pytest.raises(RuntimeError, match="0 rows instead of 1"):
            await work.value(NAMES, key)


async def test_another_number_of_rows_is_refused_in_the_words_of_whoever_wrote(
    platform: Platform, world: World
) -> None:
    key = new_id()

    async def lose() -> None:
        async with opened(platform, world) as work:
            work.write(SUPPLIER, [key], ["one"])
            work.write(RENAME, new_id(), "South", rows=1, otherwise=Invalid(reason="It is gone."))

    with pytest.raises(Invalid, match="gone"):
        await lose()
    async with opened(platform, world) as work:
        assert await work.value(COUNT) == 0


async def test_what_fails_in_a_savepoint_leaves_what_was_written_before(platform: Platform, world: World) -> None:
    before, within = new_id(), new_id()

    async def fail(work: Work) -> None:
        async with work.savepoint():
            work.write(REGION, within, "South")
            raise ZeroDivisionError

    async def repeat(work: Work) -> None:
        async with work.savepoint():
            work.write(REGION, within, "South")
            work.write(REGION, before, "again")

    async with opened(platform, world) as work:
        work.write(REGION, before, "North")
        with pytest.raises(UniqueViolationError):
            await repeat(work)
        with pytest.raises(ZeroDivisionError):
            await fail(work)
        assert await work.value(NAMES, before) == "North"
        assert await work.value(NAMES, within) is None


async def test_the_orm_finds_them_as_well(platform: Platform, world: World) -> None:
    async with opened(platform, world) as work:
        known = await work.session.scalar(select(func.count()).select_from(Region))
        work.write(REGION, new_id(), "North")
        assert await work.session.scalar(select(func.count()).select_from(Region)) == (known or 0) + 1


async def test_nothing_is_written_after_the_end(platform: Platform, world: World) -> None:
    kept: list[Work] = []
    async with opened(platform, world) as work:
        kept.append(work)
    with pytest.raises(RuntimeError, match="over"):
        kept[0].write(REGION, new_id(), "North")
