"""Brands that have the plugin on."""

from collections.abc import AsyncIterator

import pytest

from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import World
from plugins.coupons.tests.shop import Shop
from tenants import Platform


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
