"""What tests of following start from."""

from collections.abc import AsyncIterator

import pytest

from hexmart.app import Application, background
from hexmart.settings import Settings
from hexmart.testing import Client, World
from tests.schema.shop import Payload, fill, place
from tests.waiting import until


@pytest.fixture
async def hearing(application: Application, settings: Settings) -> AsyncIterator[None]:
    """The application hears what is told of orders, by whomever."""
    async with background(application.platform, None, settings, application.live):
        await until(application.platform.changes.hearing)
        yield


@pytest.fixture
async def nothing_is_left(application: Application) -> AsyncIterator[None]:
    """Whoever has hung up holds nothing; what was cut off gives its connection back when it is rolled back."""
    yield
    live, pool = application.live, application.platform.app.pool
    assert len(live.following) == 0
    assert (live._links, +live.rooms._taken, live.unnamed) == ({}, {}, 0)
    await until(lambda: pool.checkedout() == 0 and not live.turns._queues)  # type: ignore[attr-defined]


@pytest.fixture
async def clerk(client: Client, world: World) -> Client:
    """Of the store S1 alone."""
    return await client.staff(world.email("clerk.s1"))


@pytest.fixture
async def manager(client: Client, world: World) -> Client:
    """Of every store."""
    return await client.staff(world.email("manager"))


@pytest.fixture
async def owner(client: Client, world: World) -> Client:
    """Of the brand."""
    return await client.staff(world.email("owner"))


@pytest.fixture
async def order(client: Client, world: World) -> Payload:
    """Of a guest, at S1, not paid."""
    return await place(client, await fill(client, world))
