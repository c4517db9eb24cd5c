"""The brand of a test, with the plugin switched on."""

import importlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.actors import system
from core.database.base import Base
from hexmart.app import create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from hexmart.testing import World
from hexmart.testing.brands import build_world
from plugins.group_buy.tests.shop import Shop
from tenants import Platform
from tenants.plugins import enable


@pytest.fixture(scope="session")
async def databases(database_url: str, settings: Settings) -> AsyncIterator[Databases]:
    """A database with the plugin's tables."""
    async with _new_database(database_url) as owner:
        await migrate(owner)
        await _migrate(owner)
        yield Databases.of(owner, settings)


async def _migrate(url: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)
    await engine.dispose()


def _upgrade(connection: Connection) -> None:
    connection.execute(text("SET LOCAL ROLE hexmart_owner"))
    with Operations.context(MigrationContext.configure(connection, opts={"target_metadata": Base.metadata})):
        importlib.import_module("plugins.group_buy.migrations.0001_group_buy").upgrade()


@pytest.fixture
async def shop(platform: Platform, world: World) -> AsyncIterator[Shop]:
    """A brand that sells to groups."""
    world.tenant = await enable(platform, world.tenant, system("test"), "group_buy")
    rules = platform.rules
    yield Shop(platform, world)
    platform.rules = rules


@pytest.fixture
async def unchecked_shop(database_url: str, settings: Settings) -> AsyncIterator[Shop]:
    """The same in a database of its own, where nothing but the code keeps a team from being too many."""
    async with _new_database(database_url) as owner:
        await migrate(owner)
        await _migrate(owner)
        await _run(
            owner, "SET ROLE hexmart_owner; ALTER TABLE group_buy_team DROP CONSTRAINT ck_group_buy_team_never_too_many"
        )
        made = create_app(Databases.of(owner, settings), settings, with_worker=False)
        world = await build_world(made.platform)
        world.tenant = await enable(made.platform, world.tenant, system("test"), "group_buy")
        yield Shop(made.platform, world)
        await made.platform.close()


@asynccontextmanager
async def _new_database(server: str) -> AsyncIterator[str]:
    name = f"group_buy_{secrets.token_hex(4)}"
    await _run(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    await _run(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _run(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(sql)
    await connection.close()
