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
from plugins.points_mall.tests.shop import Shop
from tenants import Platform
from tenants.plugins import enable
from tests.databases import new_database, plain

DROP_CHECK = "SET ROLE hexmart_owner; ALTER TABLE points_mall_offer DROP CONSTRAINT ck_points_mall_offer_never_oversold"


@pytest.fixture
async def shop(platform: Platform, world: World) -> Shop:
    """A brand with a points mall."""
    return await switched_on(platform, world)


@pytest.fixture
async def unchecked_shop(database_url: str, settings: Settings) -> AsyncIterator[Shop]:
    """One in a database of its own, where nothing but the code keeps an offer from being oversold."""
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
    world.tenant = await enable(platform, world.tenant, system("test"), "points_mall")
    return Shop(platform, world)
