"""Fixtures of every test: those that plugin authors get, and what a pool is tried out with."""

import gc
from collections.abc import AsyncIterator

import pytest

from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from tests.tenants.pooled import POOL

pytest_plugins = ["hexmart.testing"]


@pytest.fixture
async def narrow(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """The application with two connections, which jobs and requests of two brands take turns on."""
    made = create_app(databases, settings.model_copy(update={"pool_size": POOL}), with_worker=False)
    yield made
    await made.platform.close()
    gc.collect()  # what was never awaited says so now, and not in another test
