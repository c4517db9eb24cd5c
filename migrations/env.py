"""Runs migrations as the owner role, on a connection that was handed in or on HEXMART_DATABASE_URL."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.database.roles import ensure_roles
from hexmart.settings import Settings
from tenants.models import Base


def migrate(connection: Connection) -> None:
    """Bring the database on this connection to the wanted revision, whole or not at all."""
    ensure_roles(connection, password=connection.engine.url.password)
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_by_url() -> None:
    """Connect as the owner's login and migrate."""
    url = Settings().database_url
    if url is None:
        raise SystemExit("Set HEXMART_DATABASE_URL, or run `hexmart migrate`, which uses the embedded server.")
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


handed_in = context.config.attributes.get("connection")
if handed_in is None:
    asyncio.run(migrate_by_url())
else:
    migrate(handed_in)
