"""What these tests ask for."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from hexmart.testing import Enable, World
from plugins.value.tests.shop import Shop
from tenants import Platform
from tests.faults.audit import audit

RunWorker = Callable[[], Awaitable[None]]


@pytest.fixture
async def shop(platform: Platform, world: World, enable: Enable, run_worker: RunWorker) -> AsyncIterator[Shop]:
    """The test's brand with stored value; in the end, once the worker has come by, its books are right."""
    await enable("value")
    shop = Shop(platform, world)
    yield shop
    await run_worker()
    await run_worker()
    assert not await audit(platform, world.tenant)
