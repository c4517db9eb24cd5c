"""The runtime roles can do their work and nothing else."""

import pytest

from core.books.shared import rights as rights_on
from core.database.roles import OWNER_ROLE
from core.database.tables import APP_ROLE, PLATFORM_ROLE
from tenants.keeping_apart import GLOBAL
from tests.architecture.conftest import Connection
from tests.architecture.tables import APPEND_ONLY, PROVEN

pytestmark = pytest.mark.anyio

RUNTIME = [APP_ROLE, PLATFORM_ROLE]


async def names(owner: Connection, key: str) -> list[str]:
    """What breaks an invariant."""
    return [row["name"] for row in await owner.fetch(PROVEN[key], 0)]


async def rights(owner: Connection, kinds: str, tables: tuple[str, ...]) -> list[str]:
    """The rights that the runtime roles hold, of these kinds, on these tables."""
    sql = rights_on(kinds, f"c.relname = ANY ('{{{','.join(tables)}}}'::text[])")
    return [row["name"] for row in await owner.fetch(sql, 0)]


async def rewritten(owner: Connection) -> list[str]:
    """What could be done to what stays as it was written."""
    stay = [key for key, sql in PROVEN.items() if "UPDATE,DELETE,TRUNCATE" in sql]
    assert len(stay) == len(APPEND_ONLY)
    return [name for key in stay for name in await names(owner, key)]


async def test_runtime_roles_are_subject_to_row_security(owner: Connection) -> None:
    assert await owner.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = ANY ($1)", RUNTIME) == 2
    assert not await names(owner, "tenants.powers")
    await owner.execute("ALTER ROLE hexmart_app BYPASSRLS; ALTER ROLE hexmart_platform CREATEROLE")
    assert await names(owner, "tenants.powers") == RUNTIME


async def test_runtime_roles_cannot_become_another(owner: Connection) -> None:
    assert not await names(owner, "tenants.powers")
    await owner.execute(f"GRANT {OWNER_ROLE} TO {PLATFORM_ROLE}")
    assert await names(owner, "tenants.powers") == ["hexmart_platform is hexmart_owner"]


async def test_runtime_roles_own_nothing_and_make_nothing(owner: Connection) -> None:
    assert not await names(owner, "tenants.owned")
    await owner.execute(f"ALTER TABLE cart OWNER TO {APP_ROLE}")
    await owner.execute(f"GRANT CREATE ON SCHEMA public TO {APP_ROLE}")
    assert {"cart", "public"} <= set(await names(owner, "tenants.owned"))


async def test_runtime_roles_cannot_empty_or_rewire_a_table(owner: Connection) -> None:
    assert not await names(owner, "tenants.rewiring")
    await owner.execute(f"GRANT TRUNCATE ON cart TO {APP_ROLE}")
    assert await names(owner, "tenants.rewiring") == ["hexmart_app TRUNCATE cart"]


async def test_what_happened_cannot_be_rewritten(owner: Connection) -> None:
    assert len(await rights(owner, "SELECT,INSERT", APPEND_ONLY)) == 4 * len(APPEND_ONLY)
    assert not await rewritten(owner)
    await owner.execute(f"GRANT UPDATE (note) ON order_event TO {APP_ROLE}")
    assert await rewritten(owner) == ["hexmart_app UPDATE order_event"]
    await owner.execute(f"GRANT DELETE ON {', '.join(APPEND_ONLY)} TO {PLATFORM_ROLE}")
    assert len(await rewritten(owner)) == 1 + len(APPEND_ONLY)


async def test_the_app_cannot_read_the_registry(owner: Connection) -> None:
    of_app = [one for one in await rights(owner, "SELECT,INSERT,UPDATE,DELETE", tuple(GLOBAL)) if APP_ROLE in one]
    assert not of_app
    await owner.execute("GRANT SELECT (slug) ON tenant TO PUBLIC")
    found = await rights(owner, "SELECT,INSERT,UPDATE,DELETE", tuple(GLOBAL))
    assert [one for one in found if APP_ROLE in one] == ["hexmart_app SELECT tenant"]
