"""Runs migrations as the owner role, on a connection that was handed in or on HEXMART_DATABASE_URL."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.database.roles import ensure_roles
from core.models import metadata
from hexmart.migrating import CORE
from hexmart.migrating.scope import belonging, guard
from hexmart.settings import Settings
from tenants.models import Tenant

assert Tenant.metadata is metadata  # the registry draws its tables into the same


def migrate(connection: Connection) -> None:
    """Bring the database on this connection to the wanted revision, whole or not at all."""
    history = context.config.attributes.get("history", CORE)
    connection.execute(text("RESET ROLE"))  # to that of a history before this one
    ensure_roles(connection, password=connection.engine.url.password)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=False,
        version_table=history.version_table,
        include_object=belonging(connection, history),
        on_version_apply=guard(connection, history),
    )
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
