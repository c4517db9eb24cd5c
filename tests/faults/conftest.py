"""A Hexmart that lacks the database's last line of defence, for mutants."""

import secrets
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import make_url

from hexmart.app import Application, create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings

DROP_CHECK = "SET ROLE hexmart_owner; ALTER TABLE stock DROP CONSTRAINT ck_stock_never_oversold"


async def tell(url: str, statement: str) -> None:
    """Run a statement as the owner."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def unchecked(database_url: str, settings: Settings) -> AsyncIterator[Application]:
    """The application over a database of its own, where nothing but the code keeps promises below the shelf."""
    name = f"unchecked_{secrets.token_hex(4)}"
    await tell(database_url, f"CREATE DATABASE {name}")
    owner = make_url(database_url).set(database=name).render_as_string(hide_password=False)
    await migrate(owner)
    await tell(owner, DROP_CHECK)
    made = create_app(Databases.of(owner, settings), settings, with_worker=False)
    yield made
    await made.platform.close()
    await tell(database_url, f"DROP DATABASE {name} WITH (FORCE)")
