"""Brands that have the plugin on."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from core.actors import system
from hexmart.app import create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from hexmart.testing import World
from hexmart.testing.brands import build_world
from plugins.group_buy.tests.shop import Shop
from tenants import Platform
from tenants.plugins import enable
from tests.databases import new_database, plain

DROP_CHECK = "SET ROLE hexmart_owner; ALTER TABLE group_buy_team DROP CONSTRAINT ck_group_buy_team_never_too_many"


@pytest.fixture
async def shop(platform: Platform, world: World) -> Shop:
    """A brand that sells to groups."""
    return await switched_on(platform, world)


@pytest.fixture
async def other_shop(platform: Platform, other_world: World) -> Shop:
    """Another brand that does."""
    return await switched_on(platform, other_world)


@pytest.fixture
async def unchecked_shop(database_url: str, settings: Settings) -> AsyncIterator[Shop]:
    """One in a database of its own, where nothing but the code keeps a team from being too many."""
    async with new_database(database_url) as owner:
        await migrate(owner)
        connection = await asyncpg.connect(plain(owner))
        await connection.execute(DROP_CHECK)
        await connection.close()
        made = create_app(Databases.of(owner, settings), settings, with_worker=False)
        yield await switched_on(made.platform, await build_world(made.platform))
        await made.platform.close()


async def switched_on(platform: Platform, world: World) -> Shop:
    """The shop of a brand, with the plugin on."""
    world.tenant = await enable(platform, world.tenant, system("test"), "group_buy")
    return Shop(platform, world)
