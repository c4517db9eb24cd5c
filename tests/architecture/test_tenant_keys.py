"""The tenant leads every key: two tenants can hold the same values, and no row refers to another tenant's."""

import pytest

from tests.architecture.conftest import Connection
from tests.architecture.tables import GLOBAL, TENANT_TABLE

pytestmark = pytest.mark.anyio

#: filled in by PostgreSQL from the transaction, so that nobody has to remember it
COLUMN = "bigint t current_tenant()"
WITHOUT_COLUMN = f"""
WITH {TENANT_TABLE}
SELECT t.name FROM tenant_table t WHERE $2 IS DISTINCT FROM (
    SELECT concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = t.oid AND a.attname = 'tenant_id'
) ORDER BY t.name
"""
#: PRIMARY KEY, UNIQUE and EXCLUDE are indexes as well
NOT_LED_BY_TENANT = f"""
WITH {TENANT_TABLE}
SELECT i.indexrelid::regclass::text AS name FROM tenant_table t JOIN pg_index i ON i.indrelid = t.oid
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
WHERE a.attname IS DISTINCT FROM 'tenant_id'
UNION ALL SELECT t.name FROM tenant_table t
WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary) ORDER BY 1
"""
#: SET NULL and SET DEFAULT without a list of columns would take the tenant away with the rest
REFERS_ELSEWHERE = f"""
WITH {TENANT_TABLE}
SELECT k.conname AS name FROM tenant_table t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
JOIN pg_attribute own ON own.attrelid = k.conrelid AND own.attnum = k.conkey[1]
JOIN pg_attribute other ON other.attrelid = k.confrelid AND other.attnum = k.confkey[1]
WHERE own.attname <> 'tenant_id' OR other.attname <> 'tenant_id'
   OR (k.confdeltype IN ('n', 'd') AND k.confdelsetcols IS NULL) ORDER BY 1
"""


async def offenders(owner: Connection, sql: str, *arguments: object) -> list[str]:
    return [row["name"] for row in await owner.fetch(sql, list(GLOBAL), *arguments)]


async def test_every_table_but_the_global_ones_has_the_tenant(owner: Connection) -> None:
    assert not await offenders(owner, WITHOUT_COLUMN, COLUMN)
    await owner.execute("CREATE TABLE rumour (id uuid PRIMARY KEY)")
    await owner.execute("CREATE TABLE slip (tenant_id bigint NOT NULL, id uuid)")
    assert await offenders(owner, WITHOUT_COLUMN, COLUMN) == ["rumour", "slip"]


async def test_every_global_table_is_there(owner: Connection) -> None:
    """A table that went must leave the list, else a tenant's table of that name would go unwatched."""
    found = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert set(GLOBAL) <= {row["tablename"] for row in found}


async def test_the_tenant_leads_every_key_and_index(owner: Connection) -> None:
    assert not await offenders(owner, NOT_LED_BY_TENANT)
    await owner.execute("CREATE INDEX by_store ON cart (store_id, tenant_id)")
    await owner.execute("CREATE INDEX by_expression ON cart (lower(fulfilment))")
    await owner.execute("CREATE INDEX by_team ON group_buy_seat (team_id)")
    await owner.execute("CREATE TABLE heap (tenant_id bigint)")
    assert await offenders(owner, NOT_LED_BY_TENANT) == ["by_expression", "by_store", "by_team", "heap"]


@pytest.mark.parametrize(
    "careless",
    [
        "FOREIGN KEY (id) REFERENCES other (id)",
        "FOREIGN KEY (id, tenant_id) REFERENCES other (id, tenant_id)",
        "FOREIGN KEY (tenant_id, id) REFERENCES other (number, id)",
        "FOREIGN KEY (tenant_id, id) REFERENCES other ON DELETE SET NULL",
    ],
)
async def test_every_foreign_key_stays_within_the_tenant(owner: Connection, careless: str) -> None:
    assert not await offenders(owner, REFERS_ELSEWHERE)
    await owner.execute(
        "CREATE TABLE other (tenant_id bigint, id uuid UNIQUE, number bigint, PRIMARY KEY (tenant_id, id),"
        " UNIQUE (id, tenant_id), UNIQUE (number, id))"
    )
    await owner.execute(f"CREATE TABLE one (tenant_id bigint, id uuid, CONSTRAINT astray {careless})")
    assert await offenders(owner, REFERS_ELSEWHERE) == ["astray"]
