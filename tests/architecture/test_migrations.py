"""The migrations of core and of each plugin lead to what the models say, step by step, and back."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, MetaData, Table
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from hexmart.databases import Databases, migrate
from hexmart.migrating import CORE, History, history_of
from hexmart.migrating.comparing import differences, draw
from hexmart.plugins import discover
from tests.databases import new_database, plain

pytestmark = pytest.mark.anyio

LEFT = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1
"""


HISTORIES = {"core": CORE} | {one.name: history for one in discover() if (history := history_of(one)) is not None}
ALL = pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)


@pytest.fixture
async def scratch(databases: Databases) -> AsyncIterator[str]:
    """An empty database of this test's own."""
    async with new_database(databases.owner) as url:
        yield url


async def step(url: str, *, up: str = "", down: str = "", history: History = CORE) -> None:
    """One step of the stairs, on a connection of its own, as a deployment does it."""

    def take(connection: Connection) -> None:
        told = history.config(connection)
        if up:
            command.upgrade(told, up)
        else:
            command.downgrade(told, down)

    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(take)
    await engine.dispose()


@ALL
def test_the_migrations_have_one_head(history: History) -> None:
    scripts = ScriptDirectory.from_config(history.config())
    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1


@ALL
async def test_the_migrations_make_what_the_models_say(databases: Databases, history: History) -> None:
    metadata = draw(discover())
    own = [name for name in metadata.tables if name.startswith(f"{history.plugin or 'store'}_")]
    more = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        table.to_metadata(more)
    Table(own[0], more, Column("floor", Integer), extend_existing=True)
    engine = create_async_engine(databases.owner, poolclass=NullPool)
    async with engine.connect() as connection:
        assert not await connection.run_sync(differences, history, metadata)
        found = await connection.run_sync(differences, history, more)
        assert len(found) == 1, "a column without a migration would be found"
    await engine.dispose()


async def test_every_migration_of_core_can_be_taken_back(scratch: str) -> None:
    await _up_and_down(scratch, CORE)
    assert await _left(scratch) == ["alembic_version"]


@pytest.mark.parametrize("name", sorted(HISTORIES.keys() - {"core"}))
async def test_every_migration_of_a_plugin_can_be_taken_back(scratch: str, name: str) -> None:
    await migrate(scratch, ())
    before = await _left(scratch)
    await _up_and_down(scratch, HISTORIES[name])
    assert await _left(scratch) == [f"alembic_version_{name}", *before]


async def _up_and_down(url: str, history: History) -> None:
    for revision in history.revisions[::-1]:
        await step(url, up=revision, history=history)
        await step(url, down="-1", history=history)
        await step(url, up=revision, history=history)
    await step(url, down="base", history=history)


async def _left(url: str) -> list[str]:
    """What there is in the database, with what says how far plugins have come in front."""
    connection = await asyncpg.connect(plain(url))
    left = [row[0] for row in await connection.fetch(LEFT)]
    await connection.close()
    return sorted(left, key=lambda name: not name.startswith("alembic_version_"))
