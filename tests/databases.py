"""Databases of a test's own, on the server of the run."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url

from hexmart.app import Application, create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings


def plain(url: str) -> str:
    """A URL as asyncpg takes it."""
    return url.replace("+asyncpg", "")


@asynccontextmanager
async def new_database(server_url: str) -> AsyncIterator[str]:
    """An empty database, for as long as the block lasts; its owner's URL."""
    name = f"own_{secrets.token_hex(4)}"
    server = await asyncpg.connect(plain(server_url))
    await server.execute(f"CREATE DATABASE {name}")
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await server.close()


@asynccontextmanager
async def unchecked_application(server_url: str, settings: Settings, **conditions: str) -> AsyncIterator[Application]:
    """The application over a database of its own without conditions of tables: the code alone keeps what they do.

    `stock="never_oversold"` is one; a table's several are parted by spaces.
    """
    async with new_database(server_url) as owner:
        await migrate(owner)
        connection = await asyncpg.connect(plain(owner))
        await connection.execute("SET ROLE hexmart_owner")
        for table, names in conditions.items():
            for name in names.split():
                await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
        await connection.close()
        made = create_app(Databases.of(owner, settings), settings, with_worker=False)
        yield made
        await made.platform.close()
