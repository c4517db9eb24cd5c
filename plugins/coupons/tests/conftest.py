"""What these tests ask for."""

import pytest

from hexmart.testing import World
from plugins.coupons.tests.shop import Shop
from tenants import Platform


@pytest.fixture
def shop(platform: Platform, world: World) -> Shop:
    """The test's brand, and what is done in it."""
    return Shop(platform, world)
