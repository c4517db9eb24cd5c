"""A database that has the plugin's tables, and brands that have it on."""

from collections.abc import AsyncIterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from hexmart.app import Application, create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from hexmart.testing import World
from plugins.coupons.tests.shop import Shop
from tenants import Platform
from tests.databases import new_database

SCRIPT = Path(__file__).parents[1] / "migrations" / "0001_coupons.py"


@pytest.fixture(scope="session")
async def databases(database_url: str, settings: Settings) -> AsyncIterator[Databases]:
    async with new_database(database_url) as url:
        await migrate(url)
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
        await engine.dispose()
        yield Databases.of(url, settings)


def _upgrade(connection: Connection) -> None:
    spec = spec_from_file_location("coupons_0001", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    connection.execute(text("SET ROLE hexmart_owner"))
    with Operations.context(MigrationContext.configure(connection)):
        script.upgrade()


@pytest.fixture(scope="session")
async def application(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    made = create_app(databases, settings, with_worker=False)
    made.platform.first_plugins = frozenset({"coupons", "sandbox"})
    yield made
    await made.platform.close()


@pytest.fixture
def shop(platform: Platform, world: World) -> Shop:
    """The test's brand, and what is done in it."""
    return Shop(platform, world)
