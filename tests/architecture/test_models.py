"""The tables as the models draw them and as the migrations made them: the same to the last condition."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from hexmart.databases import Databases
from hexmart.migrating.comparing import draw
from hexmart.plugins import discover

pytestmark = pytest.mark.anyio

#: what Alembic's comparison passes over: CHECK, ON DELETE, conditions and order of indexes
DEFINITIONS = """
SELECT concat_ws(' ', t.relname, k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k
JOIN pg_class t ON t.oid = k.conrelid WHERE t.relnamespace = current_schema()::regnamespace AND k.contype <> 'n'
UNION ALL SELECT concat_ws(' ', i.tablename, replace(i.indexdef, current_schema() || '.', '')) FROM pg_indexes i
WHERE i.schemaname = current_schema()
"""


async def compared(databases: Databases, planted: str = "SELECT 1") -> tuple[set[str], set[str]]:
    """What only the migrations made, and what only the models draw; nothing of it stays."""

    def compare(connection: Connection) -> tuple[set[str], set[str]]:
        connection.execute(text(planted))
        connection.execute(text("CREATE SCHEMA drawn"))
        connection.execute(text("SET LOCAL search_path = drawn, public"))
        draw(discover()).create_all(connection, checkfirst=False)
        drawn, made = _definitions(connection, "drawn"), _definitions(connection, "public")
        return made - drawn, drawn - made

    engine = create_async_engine(databases.owner, poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


def _definitions(connection: Connection, schema: str) -> set[str]:
    """Every constraint and index of a schema, as PostgreSQL prints it."""
    connection.execute(text(f"SET LOCAL search_path = {schema}"))
    return {one for one in connection.scalars(text(DEFINITIONS)) if not one.startswith("alembic_version")}


async def test_models_and_migrations_agree_on_every_constraint_and_index(databases: Databases) -> None:
    only_made, only_drawn = await compared(databases)
    assert (sorted(only_made), sorted(only_drawn)) == ([], [])


@pytest.mark.parametrize(
    "planted",
    [
        "ALTER TABLE stock DROP CONSTRAINT ck_stock_never_oversold",
        "ALTER TABLE group_buy_team DROP CONSTRAINT ck_group_buy_team_never_too_many",
        "ALTER TABLE cart_line ADD CONSTRAINT ck_cart_line_few CHECK (quantity < 10) NOT VALID",
        "CREATE INDEX ix_delivery_event ON delivery (tenant_id, event_id) WHERE done_at IS NULL",
    ],
)
async def test_a_difference_would_be_found(databases: Databases, planted: str) -> None:
    assert await compared(databases, planted) != await compared(databases)
