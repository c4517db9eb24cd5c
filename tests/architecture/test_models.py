"""The tables as the models draw them and as the migrations made them: the same to the last condition."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.models import metadata
from hexmart.databases import Databases

pytestmark = pytest.mark.anyio

#: what Alembic's comparison passes over: CHECK, ON DELETE, conditions and order of indexes
DEFINITIONS = """
SELECT concat_ws(' ', t.relname, k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k
JOIN pg_class t ON t.oid = k.conrelid WHERE t.relnamespace = current_schema()::regnamespace AND k.contype <> 'n'
UNION ALL SELECT concat_ws(' ', i.tablename, replace(i.indexdef, current_schema() || '.', '')) FROM pg_indexes i
WHERE i.schemaname = current_schema()
"""


def definitions(connection: Connection, schema: str) -> set[str]:
    """Every constraint and index of a schema, as PostgreSQL would print it."""
    connection.execute(text(f"SET LOCAL search_path = {schema}"))
    found = set(connection.scalars(text(DEFINITIONS)))
    return {one for one in found if not one.startswith("alembic_version ")}


def compared(connection: Connection) -> tuple[set[str], set[str]]:
    """Definitions that only the migrations have, and those that only the models have; nothing of it stays."""
    connection.execute(text("CREATE SCHEMA drawn"))
    connection.execute(text("SET LOCAL search_path = drawn, public"))
    metadata.create_all(connection, checkfirst=False)
    drawn = definitions(connection, "drawn")
    made = definitions(connection, "public")
    return made - drawn, drawn - made


async def test_models_and_migrations_agree_on_every_constraint_and_index(databases: Databases) -> None:
    engine = create_async_engine(databases.owner, poolclass=NullPool)
    async with engine.connect() as connection:
        only_made, only_drawn = await connection.run_sync(compared)
    await engine.dispose()
    assert (only_made, only_drawn) == (set(), set())
