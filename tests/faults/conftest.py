"""A Hexmart that lacks the database's last line of defence, for mutants."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from hexmart.app import Application, create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from tests.databases import new_database, plain

DROP_CHECK = "SET ROLE hexmart_owner; ALTER TABLE stock DROP CONSTRAINT ck_stock_never_oversold"


@pytest.fixture(scope="session")
async def unchecked(database_url: str, settings: Settings) -> AsyncIterator[Application]:
    """The application over a database of its own, where nothing but the code keeps promises below the shelf."""
    async with new_database(database_url) as owner:
        await migrate(owner)
        connection = await asyncpg.connect(plain(owner))
        await connection.execute(DROP_CHECK)
        await connection.close()
        made = create_app(Databases.of(owner, settings), settings, with_worker=False)
        yield made
        await made.platform.close()
