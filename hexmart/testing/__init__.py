"""Fixtures for whoever writes for Hexmart: a database, brands, a client, a clock, a worker.

pytest finds them wherever Hexmart is installed, and loads them for the first test that asks for one.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import asyncpg
import pytest
from argon2 import PasswordHasher

from core import clock as core_clock
from core.actors import system
from core.identity.staff import passwords
from hexmart import embedded
from hexmart.app import Application, create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings, asyncpg_url
from hexmart.testing.brands import World, build_world
from hexmart.testing.client import Client
from hexmart.testing.payloads import done, refused
from hexmart.testing.plugins import with_plugins
from hexmart.testing.statements import listening
from hexmart.worker import Worker
from tenants import Platform, clockwork, plugins
from tenants.batches import Bounds

__all__ = ["Client", "Enable", "UsePlugins", "World", "done", "refused", "with_plugins"]


class Enable(Protocol):
    """What switches a plugin on for the test's brand, or sets it to something else."""

    async def __call__(self, plugin: str, settings: Mapping[str, object] | None = None) -> None: ...


UsePlugins = Callable[..., Awaitable[None]]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """One event loop for the whole run: connections belong to the loop they were opened in."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Five people join every brand: hashing their passwords as slowly as in earnest would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def settings() -> Settings:
    """A demo's settings: fixed codes, a movable clock, the sandbox provider."""
    return Settings(
        demo=True,
        movable_clock=True,
        secret="a secret for tests only",  # noqa: S106 - it says so
        pool_size=6,
        loopback_providers=True,
        checkout=Bounds(patience=60),  # however busy the machine is
        scan=Bounds(patience=60),
    )


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The owner's URL: HEXMART_TEST_DATABASE_URL where it is set, else an embedded server of this run's own."""
    told = os.environ.get("HEXMART_TEST_DATABASE_URL")
    if told:
        yield asyncpg_url(told)
        return
    home = Path(tempfile.mkdtemp(prefix="hexmart-test-"))
    with embedded.running(home) as url:
        asyncio.run(_hasten(url))
        yield url
    embedded.erase(home)
    shutil.rmtree(home, ignore_errors=True)


async def _hasten(url: str) -> None:
    """Have a server that is thrown away with its data wait for no disk."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        await connection.execute(f"ALTER SYSTEM SET {name} = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


@pytest.fixture(scope="session")
async def databases(database_url: str, settings: Settings) -> Databases:
    """The database, migrated."""
    await migrate(database_url)
    return Databases.of(database_url, settings)


@pytest.fixture(scope="session")
async def application(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """The web application; no worker runs unless a test runs it."""
    made = create_app(databases, settings, with_worker=False)
    yield made
    await made.platform.close()


@pytest.fixture
def platform(application: Application) -> Platform:
    """What opens Works."""
    return application.platform


@pytest.fixture
async def world(platform: Platform) -> World:
    """A brand of this test's own, with stores, goods, stock and staff: nothing another test does is seen in it."""
    return await build_world(platform)


@pytest.fixture
async def other_world(platform: Platform) -> World:
    """A second brand with the same codes, slugs and phone numbers as the first."""
    return await build_world(platform)


@pytest.fixture
async def use_plugins(platform: Platform, world: World) -> AsyncIterator[UsePlugins]:
    """Switch plugins of the test's own on: objects with `@hookimpl` methods by name, all of them in one call."""
    async with AsyncExitStack() as stack:

        async def use(**plugins: object) -> None:
            world.tenant = await stack.enter_async_context(with_plugins(platform, world.tenant, plugins))

        yield use


@pytest.fixture
def client(application: Application, world: World) -> Client:
    """A guest of the test's brand."""
    return Client(application, world.tenant.slug)


@pytest.fixture
def run_worker(platform: Platform, world: World) -> Callable[[], Awaitable[None]]:
    """Do everything that is due at the test's brand."""

    async def run() -> None:
        worker = Worker(platform)
        for job in platform.hooks(world.tenant.plugins).jobs:
            await worker.run_job(world.tenant, job)
        await worker.deliver(world.tenant)

    return run


@pytest.fixture
async def move_clock(platform: Platform) -> AsyncIterator[Callable[[timedelta], Awaitable[None]]]:
    """Move the clock; it is put back after the test."""

    async def move(by: timedelta) -> None:
        core_clock.move_to_offset(core_clock.offset_seconds() + int(by.total_seconds()))

    yield move
    core_clock.move_to_offset(0)
    await clockwork.follow(platform)


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """What makes a list of everything that a block sends to PostgreSQL, BEGIN and COMMIT among it."""
    return listening


@pytest.fixture
def enable(platform: Platform, world: World) -> Enable:
    """Switch an installed plugin on for the test's brand, or set it to something else."""

    async def switch(plugin: str, settings: Mapping[str, object] | None = None) -> None:
        world.tenant = await plugins.enable(platform, world.tenant, system("test"), plugin, settings)

    return switch
