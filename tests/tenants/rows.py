"""Every tenant table with a row of each of two brands, in a transaction that is thrown away."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname = 'tenant_id'
AND has_table_privilege('hexmart_app', c.oid, 'SELECT') ORDER BY 1
"""
RULES = """
SELECT c.conrelid::regclass::text AS relation, c.conname FROM pg_constraint c
WHERE c.conrelid::regclass::text = any($1) AND c.contype IN ('f', 'c')
"""
WANTED = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS kind FROM pg_attribute a
WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND a.attnotnull AND NOT a.atthasdef AND NOT a.attisdropped
AND a.attidentity = '' ORDER BY a.attnum
"""
VALUES = {
    "uuid": "gen_random_uuid()",
    "text": "gen_random_uuid()::text",
    "bytea": "gen_random_uuid()::text::bytea",
    "bigint": "1",
    "integer": "1",
    "smallint": "1",
    "double precision": "1",
    "boolean": "true",
    "timestamp with time zone": "now()",
    "date": "now()",
    "jsonb": "'{}'",
}  #: by type; an array is empty


def dsn(url: str) -> str:
    """A URL as asyncpg takes it."""
    return url.replace("+asyncpg", "")


async def tables(connection: Connection) -> list[str]:
    """The tables whose rows belong to a tenant, as far as the runtime role can read them."""
    return [row["relname"] for row in await connection.fetch(TABLES)]


@asynccontextmanager
async def filled(owner: str, tenants: Sequence[int]) -> AsyncIterator[Connection]:
    """A connection, as the runtime role without a tenant, to a database where no tenant table is empty."""
    connection: Connection = await asyncpg.connect(dsn(owner))
    try:
        await connection.execute("BEGIN; SET LOCAL lock_timeout = '10s'; SET LOCAL ROLE hexmart_owner")
        names = await tables(connection)
        for rule in await connection.fetch(RULES, names):
            await connection.execute(f"ALTER TABLE {rule['relation']} DROP CONSTRAINT {rule['conname']}")
        for tenant in tenants:
            await be_tenant(connection, tenant)
            for name in names:
                await _add_row(connection, name)
        await connection.execute("SET LOCAL app.tenant_id = ''; SET LOCAL ROLE hexmart_app")
        yield connection
    finally:
        await connection.close()


async def be_tenant(connection: Connection, tenant: int) -> None:
    """Bind the transaction to a tenant."""
    await connection.execute(f"SET LOCAL app.tenant_id = '{tenant:d}'")


async def as_owner(connection: Connection, statement: str) -> None:
    """Change a table, then be the runtime role again."""
    await connection.execute(f"SET LOCAL ROLE hexmart_owner; {statement}; SET LOCAL ROLE hexmart_app")


async def _add_row(connection: Connection, table: str) -> None:
    """A row with nothing but what must not be missing; the tenant fills itself in."""
    wanted = {row["attname"]: row["kind"] for row in await connection.fetch(WANTED, table)}
    values = ["'{}'" if kind.endswith("[]") else VALUES[kind] for kind in wanted.values()]
    columns = f"({', '.join(wanted)}) VALUES ({', '.join(values)})" if wanted else "DEFAULT VALUES"
    await connection.execute(f"INSERT INTO {table} {columns}")


async def showing_others(connection: Connection, tenant: int | None) -> list[str]:
    """The tables that show rows of somebody else than the tenant."""
    sql = "SELECT count(*) FROM {} WHERE tenant_id IS DISTINCT FROM $1"
    return [name for name in await tables(connection) if await connection.fetchval(sql.format(name), tenant)]


async def showing_none(connection: Connection, tenant: int) -> list[str]:
    """The tables that show no row of the tenant."""
    sql = "SELECT count(*) FROM {} WHERE tenant_id = $1"
    return [name for name in await tables(connection) if not await connection.fetchval(sql.format(name), tenant)]


async def not_refusing(connection: Connection, statements: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What became of statements by table, where the answer was not that it is forbidden."""
    outcomes = {}
    for table, statement in statements:
        await connection.execute("SAVEPOINT before")
        try:
            outcomes[table] = await connection.execute(statement)
        except asyncpg.InsufficientPrivilegeError:
            pass
        except asyncpg.PostgresError as error:
            outcomes[table] = type(error).__name__
        await connection.execute("ROLLBACK TO SAVEPOINT before")
    return outcomes
