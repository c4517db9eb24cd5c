"""A database of a module's own: what other tests leave would change what the planner thinks of a brand.

`from tests.performance.apart import *` takes the fixtures over, in place of the run's.
"""

from collections.abc import AsyncIterator

import pytest

from hexmart.app import Application, create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from tests.databases import new_database

__all__ = ["application", "databases"]


@pytest.fixture(scope="module")
async def databases(database_url: str, settings: Settings) -> AsyncIterator[Databases]:
    """It, for each of the three roles."""
    async with new_database(database_url) as owner:
        await migrate(owner)
        yield Databases.of(owner, settings)


@pytest.fixture(scope="module")
async def application(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """Over that database."""
    made = create_app(databases, settings, with_worker=False)
    yield made
    await made.platform.close()
