"""The migrations lead to what the models say, step by step, and back."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, MetaData, Table
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.models import metadata
from hexmart.databases import Databases
from hexmart.scripts import migrations
from tenants.models import Tenant
from tests.databases import new_database, plain

pytestmark = pytest.mark.anyio
assert Tenant.metadata is metadata  # the registry draws its tables into the same

LEFT = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(migrations()))
    return made


@pytest.fixture
async def scratch(databases: Databases) -> AsyncIterator[str]:
    """An empty database of this test's own."""
    async with new_database(databases.owner) as url:
        yield url


async def step(url: str, *, up: str = "", down: str = "") -> None:
    """One step of the stairs, on a connection of its own, as a deployment does it."""

    def take(connection: Connection) -> None:
        told = config()
        told.attributes["connection"] = connection
        if up:
            command.upgrade(told, up)
        else:
            command.downgrade(told, down)

    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(take)
    await engine.dispose()


def test_the_migrations_have_one_head() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1


async def test_the_migrations_make_what_the_models_say(databases: Databases) -> None:
    def differences(connection: Connection, wanted: MetaData) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), wanted))

    more = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        table.to_metadata(more)
    Table("store", more, Column("floor", Integer), extend_existing=True)
    engine = create_async_engine(databases.owner, poolclass=NullPool)
    async with engine.connect() as connection:
        assert not await connection.run_sync(differences, metadata)
        assert len(await connection.run_sync(differences, more)) == 1, "a column without a migration would be found"
    await engine.dispose()


async def test_every_migration_can_be_taken_back(scratch: str) -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]
    for revision in revisions:
        await step(scratch, up=revision)
        await step(scratch, down="-1")
        await step(scratch, up=revision)
    await step(scratch, down="base")
    connection = await asyncpg.connect(plain(scratch))
    left = [row[0] for row in await connection.fetch(LEFT)]
    await connection.close()
    assert left == ["alembic_version"]
