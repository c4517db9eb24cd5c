"""The runtime roles can do their work and nothing else."""

import pytest

from core.database.roles import OWNER_ROLE
from core.database.tables import APP_ROLE, PLATFORM_ROLE
from tests.architecture.conftest import Connection
from tests.architecture.tables import APPEND_ONLY, GLOBAL

pytestmark = pytest.mark.anyio

RUNTIME = [APP_ROLE, PLATFORM_ROLE]
POWERFUL = """
SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)
AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication) ORDER BY 1
"""
#: of a role, and of whatever it could become by SET ROLE
MEMBERSHIPS = """
SELECT concat(m.rolname, ' is ', r.rolname) FROM pg_roles m CROSS JOIN pg_roles r
WHERE m.rolname = ANY ($1) AND r.rolname <> m.rolname AND pg_has_role(m.oid, r.oid, 'MEMBER') ORDER BY 1
"""
OWNED = """
SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = ANY ($1)
UNION ALL SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = ANY ($1)
UNION ALL SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = ANY ($1)
OR has_schema_privilege('hexmart_app', oid, 'CREATE') OR has_schema_privilege('hexmart_platform', oid, 'CREATE')
ORDER BY 1
"""
#: column by column too: a right on one column is a right
RIGHTS = """
SELECT concat_ws(' ', role, kind, c.relname) AS held
FROM pg_class c CROSS JOIN unnest($1::text[]) AS role CROSS JOIN unnest($2::text[]) AS kind
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY ($3::text[])
AND (has_table_privilege(role, c.oid, kind)
     OR (kind IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(role, c.oid, kind)))
ORDER BY 1
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def names(owner: Connection, sql: str) -> list[str]:
    return [row[0] for row in await owner.fetch(sql, RUNTIME)]


async def rights(owner: Connection, roles: list[str], kinds: list[str], tables: list[str]) -> list[str]:
    """The rights that these roles hold, of these kinds, on these tables."""
    return [row["held"] for row in await owner.fetch(RIGHTS, roles, kinds, tables)]


async def test_runtime_roles_are_subject_to_row_security(owner: Connection) -> None:
    assert await owner.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = ANY ($1)", RUNTIME) == 2
    assert not await names(owner, POWERFUL)
    await owner.execute("ALTER ROLE hexmart_app BYPASSRLS; ALTER ROLE hexmart_platform CREATEROLE")
    assert await names(owner, POWERFUL) == RUNTIME


async def test_runtime_roles_cannot_become_another(owner: Connection) -> None:
    assert not await names(owner, MEMBERSHIPS)
    await owner.execute(f"GRANT {OWNER_ROLE} TO {PLATFORM_ROLE}")
    assert await names(owner, MEMBERSHIPS) == ["hexmart_platform is hexmart_owner"]


async def test_runtime_roles_own_nothing_and_make_nothing(owner: Connection) -> None:
    assert not await names(owner, OWNED)
    await owner.execute(f"ALTER TABLE cart OWNER TO {APP_ROLE}")
    await owner.execute(f"GRANT CREATE ON SCHEMA public TO {APP_ROLE}")
    assert {"cart", "public"} <= set(await names(owner, OWNED))


async def test_runtime_roles_cannot_empty_or_rewire_a_table(owner: Connection) -> None:
    every = [row["tablename"] for row in await owner.fetch(TABLES)]
    dangerous = ["TRUNCATE", "REFERENCES", "TRIGGER"]
    assert not await rights(owner, RUNTIME, dangerous, every)
    await owner.execute(f"GRANT TRUNCATE ON cart TO {APP_ROLE}")
    assert await rights(owner, RUNTIME, dangerous, every) == ["hexmart_app TRUNCATE cart"]


async def test_what_happened_cannot_be_rewritten(owner: Connection) -> None:
    assert len(await rights(owner, RUNTIME, ["SELECT", "INSERT"], list(APPEND_ONLY))) == 4 * len(APPEND_ONLY)
    assert not await rights(owner, RUNTIME, ["UPDATE", "DELETE"], list(APPEND_ONLY))
    await owner.execute(f"GRANT UPDATE (note) ON order_event TO {APP_ROLE}")
    assert await rights(owner, RUNTIME, ["UPDATE", "DELETE"], list(APPEND_ONLY)) == ["hexmart_app UPDATE order_event"]


async def test_the_app_cannot_read_the_registry(owner: Connection) -> None:
    every = ["SELECT", "INSERT", "UPDATE", "DELETE"]
    assert not await rights(owner, [APP_ROLE], every, list(GLOBAL))
    await owner.execute("GRANT SELECT (slug) ON tenant TO PUBLIC")
    assert await rights(owner, [APP_ROLE], every, list(GLOBAL)) == ["hexmart_app SELECT tenant"]
