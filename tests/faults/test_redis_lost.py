"""Redis is killed, emptied, filled or lies while a crowd buys: it decides nothing about what is sold."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hexmart import assembly
from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, World
from hexmart.throttle import SharedWindows
from tests.faults.audit import audit
from tests.faults.crowd import PLACE, SCALE, Crowd
from tests.faults.shop import Books, books, cart_id_of, fill_carts, stock_up
from tests.hexmart.sharing import PATIENT
from tests.processes import free_port

pytestmark = pytest.mark.anyio
SERVER = shutil.which("redis-server")


@dataclass(frozen=True)
class Shared:
    """A Redis of the test's own."""

    process: subprocess.Popen[bytes]
    url: str

    async def kill(self) -> None:
        self.process.kill()
        await asyncio.to_thread(self.process.wait)

    async def flush(self) -> None:
        async with Redis.from_url(self.url) as redis:
            await redis.flushall()

    async def fill_up(self) -> None:
        """What it is told it cannot keep any more."""
        async with Redis.from_url(self.url) as redis:
            await redis.config_set("maxmemory-policy", "noeviction")
            await redis.config_set("maxmemory", "1")

    async def poison(self) -> None:
        """Something else stands under every key, of another type at that."""
        async with Redis.from_url(self.url) as redis:
            for name in [name async for name in redis.scan_iter()]:
                await redis.delete(name)
                await redis.rpush(name, b"nonsense", b"\xff\x00")


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Shared]:
    if SERVER is None:
        pytest.skip("there is no redis-server on this machine")
    port = free_port()
    command = (SERVER, "--port", str(port), "--save", "", "--dir", str(tmp_path), "--logfile", "log")
    process = subprocess.Popen(command)
    yield Shared(process, f"redis://127.0.0.1:{port}/0")
    process.kill()
    process.wait()


@pytest.fixture
async def sharing(
    shared: Shared, databases: Databases, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Application]:
    """The application with that Redis, which it is patient with: a busy machine is no failure."""
    monkeypatch.setattr(assembly, "SharedWindows", partial(SharedWindows, patience=PATIENT))
    async with Redis.from_url(shared.url) as redis:
        async with asyncio.timeout(30):
            while not await _answers(redis):  # noqa: ASYNC110 - another process starts
                await asyncio.sleep(0.02)
    made = create_app(databases, settings.model_copy(update={"redis_url": shared.url}), with_worker=False)
    yield made
    await made.answers.close()
    await made.platform.close()


async def _answers(redis: Redis) -> bool:
    try:
        return bool(await redis.ping())
    except RedisError:
        return False


async def _known(shared: Shared) -> int:
    async with Redis.from_url(shared.url) as redis:
        return int(await redis.dbsize())


@pytest.mark.parametrize("loss", [Shared.kill, Shared.flush, Shared.fill_up, Shared.poison], ids=lambda f: f.__name__)
async def test_what_is_sold_is_right_whatever_becomes_of_redis(
    shared: Shared, sharing: Application, world: World, loss: Callable[[Shared], Awaitable[None]]
) -> None:
    buyers, units = 60 * SCALE, 20 * SCALE
    client, crowd = Client(sharing, world.tenant.slug), Crowd()
    carts = await fill_carts(sharing.platform, world, buyers)
    await stock_up(sharing.platform, world, units)
    wrong = await client.do("staffSignIn", {"email": world.email("manager"), "password": "wrong"})
    assert wrong["userErrors"]
    assert await _known(shared)  # it counts tries
    half = asyncio.Event()

    async def buy(number: int) -> None:
        if number >= buyers // 2:
            await half.wait()
        crowd.take(await client.send(PLACE, input={"cartId": cart_id_of(carts[number]), "idempotencyKey": "k"}))

    async def lose() -> None:
        while len(crowd.orders) < 5:  # noqa: ASYNC110 - whoever is answered sets no event
            await asyncio.sleep(0.001)
        await loss(shared)
        half.set()

    await asyncio.gather(lose(), *(buy(number) for number in range(buyers)))
    print(f"C11: {buyers} buyers, {units} units, Redis: {loss.__name__}: {len(crowd.orders)} orders")  # noqa: T201
    assert (len(set(crowd.orders)), len(crowd.short), crowd.other) == (units, buyers - units, [])
    assert (await client.staff(world.email("manager"))).token
    assert await books(sharing.platform, world) == Books(on_hand=units, reserved=units, held=units, orders=units)
    assert not await audit(sharing.platform, world.tenant)
