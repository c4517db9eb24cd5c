"""The database as its catalog describes it, and the schema as it is served."""

from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest

from hexmart.databases import Databases
from schema.compose import ComposedSchema
from tests.architecture.surface import served
from tests.databases import plain

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def owner(databases: Databases) -> AsyncIterator[Connection]:
    """A connection that may do anything, in a transaction that is rolled back: what a test plants is gone after it."""
    connection = await asyncpg.connect(plain(databases.owner))
    await connection.execute("BEGIN")
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def surface() -> ComposedSchema:
    """The schema of core and of the plugins."""
    return served()
