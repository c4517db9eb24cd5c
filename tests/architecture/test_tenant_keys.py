"""The tenant leads every key: two tenants can hold the same values, and no row refers to another tenant's."""

import pytest

from tenants.keeping_apart import GLOBAL
from tests.architecture.conftest import Connection
from tests.architecture.tables import PROVEN

pytestmark = pytest.mark.anyio


async def offenders(owner: Connection, key: str) -> list[str]:
    """What breaks an invariant."""
    return [row["name"] for row in await owner.fetch(PROVEN[key], 0)]


async def test_every_table_but_the_global_ones_has_the_tenant(owner: Connection) -> None:
    assert not await offenders(owner, "tenants.column")
    await owner.execute("CREATE TABLE rumour (id uuid PRIMARY KEY)")
    await owner.execute("CREATE TABLE slip (tenant_id bigint NOT NULL, id uuid)")
    assert await offenders(owner, "tenants.column") == ["rumour", "slip"]


async def test_every_global_table_is_there(owner: Connection) -> None:
    """A table that went must leave the list, else a tenant's table of that name would go unwatched."""
    found = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert set(GLOBAL) <= {row["tablename"] for row in found}


async def test_the_tenant_leads_every_key_and_index(owner: Connection) -> None:
    assert not await offenders(owner, "tenants.keys")
    await owner.execute("CREATE INDEX by_store ON cart (store_id, tenant_id)")
    await owner.execute("CREATE INDEX by_expression ON cart (lower(fulfilment))")
    await owner.execute("CREATE INDEX by_team ON group_buy_seat (team_id)")
    await owner.execute("CREATE TABLE heap (tenant_id bigint)")
    assert await offenders(owner, "tenants.keys") == ["by_expression", "by_store", "by_team", "heap"]


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
    assert not await offenders(owner, "tenants.references")
    await owner.execute(
        "CREATE TABLE other (tenant_id bigint, id uuid UNIQUE, number bigint, PRIMARY KEY (tenant_id, id),"
        " UNIQUE (id, tenant_id), UNIQUE (number, id))"
    )
    await owner.execute(f"CREATE TABLE one (tenant_id bigint, id uuid, CONSTRAINT astray {careless})")
    assert await offenders(owner, "tenants.references") == ["astray"]
