"""Brands that have the plugin on."""

from collections.abc import AsyncIterator

import pytest

from core.actors import system
from hexmart.settings import Settings
from hexmart.testing import World
from hexmart.testing.brands import build_world
from plugins.group_buy.tests.shop import Shop
from tenants import Platform
from tenants.plugins import enable
from tests.databases import unchecked_application


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
    async with unchecked_application(database_url, settings, group_buy_team="never_too_many") as made:
        yield await switched_on(made.platform, await build_world(made.platform))


async def switched_on(platform: Platform, world: World) -> Shop:
    """The shop of a brand, with the plugin on."""
    world.tenant = await enable(platform, world.tenant, system("test"), "group_buy")
    return Shop(platform, world)
