"""Databases of a test's own, on the server of the run."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url


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
