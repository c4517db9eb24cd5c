"""A kept answer is as new as the last commit, or it is not given."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from core import clock
from core.actors import ANONYMOUS, system
from core.catalog.models import Shelf
from core.pricing import prices
from hexmart.answers import Answer, Answers, Stamp, kept
from hexmart.app import background, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import World
from tenants import Platform, clockwork, suspend
from tests.waiting import until

pytestmark = pytest.mark.anyio

ACTOR = system("test")
DEARER = "UPDATE variant SET price = price + 1 WHERE tenant_id = $1"
RENAME = "UPDATE region SET name = name WHERE tenant_id = $1"
END_LISTENERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'LISTEN %'
"""


async def nothing() -> None: ...


class Process(NamedTuple):
    """One of two processes on the same database."""

    platform: Platform
    answers: Answers

    async def read(self, world: World, meanwhile: Callable[[], Awaitable[object]] = nothing) -> bytes:
        """The price of milk, from what is kept or else from the tables, as a GET is served; it may take its time."""
        key = (world.tenant.slug, "price of milk")
        known = self.answers.get(key)
        if known is not None:
            return known.body
        stamp = Stamp(world.tenant.slug, self.answers.moment)
        async with self.platform.open_work(world.tenant, ANONYMOUS, read_only=True) as work:
            milk = world.variant_keys["MILK-1L"]
            body = str((await prices(work, world.store_keys["S1"], [milk]))[milk].price).encode()
        await meanwhile()
        self.answers.keep(key, Answer.of(body, slug=world.tenant.slug, tables=work.read_tables), stamp)
        return body

    async def keep(self, world: World) -> bytes:
        """Read until it is kept: news of a brand that was just made may arrive meanwhile."""
        async with asyncio.timeout(10):
            while not self.has(world):
                await self.read(world)
        return await self.read(world)

    def has(self, world: World) -> bool:
        return self.answers.get((world.tenant.slug, "price of milk")) is not None

    async def write(self, world: World, sql: str = DEARER) -> None:
        async with self.platform.open_work(world.tenant, ACTOR) as work:
            await work.execute(sql)


async def started(databases: Databases, settings: Settings) -> AsyncIterator[Process]:
    application = create_app(databases, settings.model_copy(update={"redis_url": None}), with_worker=False)
    async with background(application.platform, None, settings):
        await until(application.platform.changes.hearing)
        yield Process(application.platform, application.answers)
    await application.platform.close()


@pytest.fixture
async def here(databases: Databases, settings: Settings) -> AsyncIterator[Process]:
    async for process in started(databases, settings):
        yield process


@pytest.fixture
async def there(databases: Databases, settings: Settings) -> AsyncIterator[Process]:
    async for process in started(databases, settings):
        yield process


async def test_a_price_change_is_visible_in_the_next_request(here: Process, there: Process, world: World) -> None:
    assert [await here.keep(world), await there.keep(world)] == [b"1590"] * 2
    await here.write(world)
    assert await here.read(world) == b"1591"
    await until(lambda: not there.has(world))
    assert await there.keep(world) == b"1591"
    async with there.platform.open_work(world.tenant, ACTOR) as work:
        work.add(Shelf(store_id=world.store_keys["S1"], variant_id=world.variant_keys["MILK-1L"], price=7))
    assert await there.read(world) == b"7"
    await until(lambda: not here.has(world))
    assert await here.keep(world) == b"7"


async def test_nothing_else_lets_go_of_an_answer(
    here: Process, there: Process, world: World, other_world: World
) -> None:
    async def change_their_mind() -> None:
        async with here.platform.open_work(world.tenant, ACTOR) as work:
            await work.execute(DEARER)
            raise LookupError

    await here.keep(world)
    await there.keep(world)
    with pytest.raises(LookupError):
        await change_their_mind()
    await here.write(other_world)
    await here.write(world, RENAME)
    await there.keep(other_world)
    await here.write(other_world)
    await until(lambda: not there.has(other_world))  # by then the others were heard as well
    assert here.has(world)
    assert there.has(world)


async def test_what_is_written_while_an_answer_is_read_is_not_missing_from_it(here: Process, world: World) -> None:
    await here.keep(world)
    await here.write(world)
    assert await here.read(world, meanwhile=lambda: here.write(world)) == b"1591"
    assert await here.keep(world) == b"1592"


async def test_without_its_stamp_a_stale_answer_would_be_kept_and_found(
    here: Process, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await here.keep(world)
    await here.write(world)
    monkeypatch.setattr(Answers, "_is_current", lambda *_: True)
    assert await here.read(world, meanwhile=lambda: here.write(world)) == b"1591"
    assert await here.keep(world) == b"1591"


async def _stale(process: Process, world: World) -> int:
    """How many answers were older than a write that had ended before they were asked for, among many at once."""
    committed, stale = 1590, 0

    async def keep_writing() -> None:
        nonlocal committed
        for _ in range(40):
            await process.write(world)
            committed += 1
            await asyncio.sleep(random.uniform(0, 0.01))

    async def rest() -> None:
        await asyncio.sleep(random.choice([0, 0, 0.005]))

    async def keep_reading() -> None:
        nonlocal stale
        while not writing.done():
            asked_after = committed
            stale += int(await process.read(world, rest)) < asked_after
            await asyncio.sleep(0)

    writing = asyncio.create_task(keep_writing())
    await asyncio.gather(writing, *(keep_reading() for _ in range(4)))
    return stale + (int(await process.read(world)) < committed)


async def test_no_answer_is_older_than_a_write_that_had_ended(here: Process, world: World) -> None:
    assert await _stale(here, world) == 0
    assert here.answers.hits > 0


async def test_who_does_not_hear_the_others_gives_nothing_it_has_kept(
    here: Process, there: Process, world: World, databases: Databases
) -> None:
    await here.keep(world)
    unfinished = Stamp(world.tenant.slug, here.answers.moment)
    owner = create_async_engine(databases.owner)
    async with owner.connect() as connection:
        assert await connection.scalar(text(END_LISTENERS)) == 2
    await owner.dispose()
    await until(lambda: not here.platform.changes.hearing())
    assert not here.has(world)
    await there.write(world)
    assert await here.read(world) == b"1591"
    assert not here.has(world)
    await until(here.platform.changes.hearing)
    assert not here.has(world)
    here.answers.keep("late", Answer.of(b"1590", slug=world.tenant.slug, tables=["variant"]), unfinished)
    assert here.answers.get("late") is None
    assert await here.read(world) == b"1591"
    assert here.has(world)


async def test_a_suspended_tenant_and_a_moved_clock_let_go(
    here: Process, there: Process, world: World, other_world: World
) -> None:
    for one in (world, other_world):
        await there.keep(one)
    await suspend(here.platform, world.tenant.slug, "because")
    await until(lambda: not there.has(world))
    assert there.has(other_world)
    await clockwork.advance(here.platform, timedelta(seconds=60))
    await until(lambda: not there.has(other_world))
    await clockwork.advance(here.platform, timedelta(seconds=-60))
    assert clock.offset_seconds() == 0


@pytest.fixture
def small(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Room for two answers of a kilobyte, in a process that hears."""
    monkeypatch.setattr(platform.changes, "hearing", lambda: True)
    return Answers(2 * (1_003 + kept.OVERHEAD), platform.changes)


def answer(body: bytes = b"x" * 1_000, slug: str = "brand") -> Answer:
    return Answer.of(body, slug=slug, tables=["variant"])


def test_the_answer_not_asked_for_longest_makes_room(small: Answers) -> None:
    for key in "ab":
        small.keep(key, answer(), Stamp("brand", small.moment))
    assert small.get("a")
    small.keep("c", answer(), Stamp("brand", small.moment))
    assert [small.get(key) is not None for key in "abc"] == [True, False, True]
    small.keep("c", answer(b"y"), Stamp("brand", small.moment))
    small.keep("d", answer(b"y" * 10_000), Stamp("brand", small.moment))  # alone larger than all there is
    assert [small.get(key) is not None for key in "acd"] == [True, True, False]
    assert small.size == 1_000 + 1 + 2 * (len("'a'") + kept.OVERHEAD)
    assert (small.hits, small.misses) == (5, 2)
    small.keep("q" * 3_000, answer(), Stamp("brand", small.moment))  # the key holds what clients sent, and counts
    assert small.get("q" * 3_000) is None
    for key in "ac":
        small._forget(key)
    assert (small.size, small._readers) == (0, {})


def test_nothing_is_kept_for_ever_or_without_room(
    platform: Platform, small: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(kept, "monotonic", lambda: now)
    small.keep("a", answer(), Stamp("brand", small.moment))
    now += kept.LIFETIME
    assert small.get("a")
    now += 1
    assert small.get("a") is None
    off = Answers(0, platform.changes)
    off.keep("a", answer(b""), Stamp("brand", off.moment))
    assert off.get("a") is None


async def test_so_many_changes_are_remembered_and_no_more(small: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_CHANGES", 10)
    stamp = Stamp("brand", small.moment)
    for number in range(11):
        small._changes.wrote(f"other{number}", ["variant"])
    small.keep("a", answer(), stamp)
    assert small.get("a") is None
    small.keep("a", answer(), Stamp("brand", small.moment))
    assert small.get("a")


def test_the_etag_is_the_bodys() -> None:
    one, same, other = answer(b"x"), answer(b"x", slug="other"), answer(b"y")
    assert one.etag == same.etag != other.etag
    assert one.etag.startswith(b'"')
    assert one.etag.endswith(b'"')
