"""Brands that have the plugin on."""

from collections.abc import AsyncIterator

import pytest

from core.actors import system
from hexmart.settings import Settings
from hexmart.testing import World
from hexmart.testing.brands import build_world
from plugins.points_mall.tests.shop import Shop
from tenants import Platform
from tenants.plugins import enable
from tests.databases import unchecked_application


@pytest.fixture
async def shop(platform: Platform, world: World) -> Shop:
    """A brand with a points mall."""
    return await switched_on(platform, world)


@pytest.fixture
async def unchecked_shop(database_url: str, settings: Settings) -> AsyncIterator[Shop]:
    """One in a database of its own, where nothing but the code keeps an offer from being oversold."""
    async with unchecked_application(database_url, settings, points_mall_offer="never_oversold") as made:
        yield await switched_on(made.platform, await build_world(made.platform))


async def switched_on(platform: Platform, world: World) -> Shop:
    """The shop of a brand, with the plugin on."""
    world.tenant = await enable(platform, world.tenant, system("test"), "points_mall")
    return Shop(platform, world)
