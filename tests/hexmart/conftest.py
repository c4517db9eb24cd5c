"""What tests of several processes need."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from hexmart.answers import SharedAnswers
from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.throttle import SharedWindows
from tests.hexmart.sharing import SECRET, URL


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    """A real one; nothing of ours is left behind in it."""
    client = Redis.from_url(URL, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))
    try:
        await client.ping()
    except (OSError, RedisError) as error:
        await client.aclose()
        pytest.skip(f"no Redis answers where REDIS_URL or 127.0.0.1:6379 is: {type(error).__name__}")
    yield client
    for name in (SharedAnswers(URL, SECRET)._name, SharedWindows(URL, SECRET)._name):
        names = [name async for name in client.scan_iter(f"{{hexmart:{name}:*")]
        if names:
            await client.delete(*names)
    await client.aclose()


@pytest.fixture(scope="module")
async def in_production(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    made = create_app(databases, settings.model_copy(update={"production": True}), with_worker=False)
    yield made
    await made.platform.close()
