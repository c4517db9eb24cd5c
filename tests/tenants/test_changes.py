"""What is written is told: here before the writer goes on, elsewhere soon, and never for nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import delete, false, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from core import catalog
from core.actors import system
from core.catalog.models import Product, Shelf, Variant
from core.database import Transaction
from core.work import Work
from hexmart.app import background, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import World
from hexmart.testing.statements import listening
from tenants import Platform, clockwork, doorbell, suspend
from tenants.changes import LONGEST_PAYLOAD, WHOLE, Change, deaf
from tests.waiting import until

pytestmark = pytest.mark.anyio

ACTOR = system("test")
DEARER = "UPDATE variant SET price = price + 1 WHERE tenant_id = $1"
SAME_TERMS = "UPDATE search_term SET weight = weight WHERE tenant_id = $1"
EVERYTHING = ("", WHOLE)
END = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND "
END_LISTENERS = f"{END} query LIKE 'LISTEN %'"
END_PLATFORM = f"{END} application_name = 'hexmart-platform'"


class Ear:
    """A subscriber that remembers what it was told: pairs of tenant and table."""

    def __init__(self, platform: Platform) -> None:
        self.told: list[tuple[str, str]] = []
        platform.changes.subscribe(self)

    def drop(self, change: Change) -> None:
        self.told += [(change.slug, table) for table in sorted(change.tables)]

    def clear(self) -> None:
        self.told.append(EVERYTHING)

    def has(self, *told: tuple[str, str]) -> Callable[[], bool]:
        return lambda: set(told) <= set(self.told)


class Elsewhere(NamedTuple):
    """Another process on the same database, and what it hears."""

    platform: Platform
    ear: Ear


@pytest.fixture
async def elsewhere(databases: Databases, settings: Settings) -> AsyncIterator[Elsewhere]:
    platform = create_app(databases, settings, with_worker=False).platform
    ear = Ear(platform)
    async with background(platform, None, settings):
        await until(platform.changes.hearing)
        ear.told.clear()
        yield Elsewhere(platform, ear)
    assert platform.changes.hearing is deaf
    await platform.close()


@pytest.fixture
def ear(platform: Platform) -> Ear:
    """What this process is told."""
    return Ear(platform)


async def write(platform: Platform, world: World, sql: str = DEARER) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        await work.execute(sql)


async def end_connections(databases: Databases, sql: str) -> None:
    owner = create_async_engine(databases.owner)
    async with owner.connect() as connection:
        assert await connection.scalar(text(sql))
    await owner.dispose()


async def _reprice(work: Work, world: World) -> None:
    variant = await work.session.get_one(Variant, (world.tenant.id, world.variant_keys["BREAD"]))
    variant.price = 1


async def _price_at_store(work: Work, world: World) -> None:
    work.add(Shelf(store_id=world.store_keys["S1"], variant_id=world.variant_keys["BREAD"], price=1))


async def _add_product(work: Work, _: World) -> None:
    variant = Variant(sku="NEW", name="new", options=[], unit="PIECE", priced_per=1, price=1)
    await catalog.add_product(work, Product(slug="new", name="new", description="", images=[]), [variant])


WAYS: dict[str, tuple[Callable[[Work, World], Awaitable[object]], str]] = {
    "sql": (lambda work, _: work.execute(DEARER), "variant"),
    "update": (lambda work, _: work.session.execute(update(Variant).values(price=1)), "variant"),
    "changed row": (_reprice, "variant"),
    "a store's own price": (_price_at_store, "shelf"),
    "a new product": (_add_product, "product search_term variant"),
    "what goes with it": (lambda work, _: work.session.execute(delete(Product).where(false())), "product search_term"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_commit_is_told_before_its_caller_goes_on(
    platform: Platform, world: World, ear: Ear, elsewhere: Elsewhere, way: str
) -> None:
    change, tables = WAYS[way]
    async with platform.open_work(world.tenant, ACTOR) as work:
        await change(work, world)
        assert not ear.told
    wanted = [(world.tenant.slug, table) for table in tables.split()]
    assert ear.has(*wanted)()
    await until(elsewhere.ear.has(*wanted))


async def test_what_is_read_rolled_back_or_refused_is_not_told(
    platform: Platform, world: World, ear: Ear, elsewhere: Elsewhere
) -> None:
    async def change_their_mind() -> None:
        async with platform.open_work(world.tenant, ACTOR) as work:
            await work.execute(DEARER)
            raise LookupError

    with pytest.raises(LookupError):
        await change_their_mind()
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        await work.fetch("SELECT 1 FROM variant WHERE tenant_id = $1")
    assert ear.told == []
    await write(platform, world)
    await until(elsewhere.ear.has((world.tenant.slug, "variant")))
    assert ear.told == elsewhere.ear.told == [(world.tenant.slug, "variant")]


async def test_ones_own_change_that_comes_back_is_not_told_again(
    platform: Platform, world: World, elsewhere: Elsewhere
) -> None:
    await write(elsewhere.platform, world)
    await elsewhere.platform.doorbell.close()
    await write(platform, world, SAME_TERMS)
    await until(elsewhere.ear.has((world.tenant.slug, "search_term")))  # by then the first has come back as well
    assert elsewhere.ear.told == [(world.tenant.slug, "variant"), (world.tenant.slug, "search_term")]


async def test_a_commit_whose_answer_was_lost_is_told(
    platform: Platform, world: World, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Transaction.commit

    async def hang_up(self: Transaction) -> None:
        await commit(self)
        raise asyncio.CancelledError

    monkeypatch.setattr(Transaction, "commit", hang_up)
    with pytest.raises(asyncio.CancelledError):
        await write(platform, world)
    assert ear.told == [(world.tenant.slug, "variant")]


async def test_many_commits_are_told_by_few_notifications(
    platform: Platform, world: World, other_world: World, elsewhere: Elsewhere
) -> None:
    sql = [DEARER, SAME_TERMS, "DELETE FROM shelf WHERE tenant_id = $1"]
    with listening(doorbell=True) as sent:
        for _ in range(5):
            await asyncio.gather(*(write(platform, one, each) for one in (world, other_world) for each in sql))
        await platform.doorbell.close()
    slugs, tables = (world.tenant.slug, other_world.tenant.slug), ("variant", "search_term", "shelf")
    await until(elsewhere.ear.has(*[(slug, table) for slug in slugs for table in tables]))
    notified = sum("pg_notify" in one for one in sent)
    print(f"30 commits were told by {notified} notifications")  # noqa: T201 - the figure is wanted
    assert 1 <= notified < 15


async def test_a_notification_waits_for_the_database(
    platform: Platform, world: World, elsewhere: Elsewhere, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "RETRY_SECONDS", 0.01)
    send, failures = doorbell._send, [OSError(), OSError()]

    async def fail_twice(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        await send(*arguments)

    monkeypatch.setattr(doorbell, "_send", fail_twice)
    await write(platform, world)
    await until(elsewhere.ear.has((world.tenant.slug, "variant")))
    assert not failures
    await end_connections(databases, END_PLATFORM)
    await write(platform, world, SAME_TERMS)
    await until(elsewhere.ear.has((world.tenant.slug, "search_term")))


async def test_who_has_lost_its_listener_does_not_hear_and_a_gap_is_told(
    platform: Platform, world: World, elsewhere: Elsewhere, databases: Databases
) -> None:
    await end_connections(databases, END_LISTENERS)
    await until(lambda: not elsewhere.platform.changes.hearing())
    assert EVERYTHING not in elsewhere.ear.told
    await write(platform, world)
    await until(elsewhere.platform.changes.hearing)
    assert elsewhere.ear.told == [EVERYTHING]


async def test_a_tenant_that_changed_and_a_clock_that_moved_are_told(
    platform: Platform, world: World, elsewhere: Elsewhere
) -> None:
    await suspend(platform, world.tenant.slug, "because")
    await until(elsewhere.ear.has((world.tenant.slug, WHOLE)))
    assert EVERYTHING not in elsewhere.ear.told
    await clockwork.advance(platform, timedelta(seconds=1))
    await until(elsewhere.ear.has(EVERYTHING))
    await clockwork.advance(platform, timedelta(seconds=-1))


def test_a_change_travels_whole_or_says_that_anything_may_have_changed() -> None:
    change = Change("brand", frozenset({"a", "b"}), "origin", 7)
    assert (change.payload, Change.of(change.payload)) == ("origin 7 brand a b", change)
    long = Change("brand", frozenset(f"a_table_{number:04}" for number in range(1_000)), "origin", 7)
    assert len(long.payload) <= LONGEST_PAYLOAD
    assert Change.of(long.payload).tables == {WHOLE}


async def test_what_another_release_says_is_taken_for_anything(platform: Platform, ear: Ear) -> None:
    platform.changes.heard("a payload of tomorrow")
    platform.changes.heard("tomorrow")
    assert ear.told == [EVERYTHING] * 2
