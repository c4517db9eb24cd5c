"""No brand's rows are another's: asked of the database, as the role that serves requests."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from hexmart.databases import Databases
from hexmart.testing import World
from tests.tenants.rows import (
    Connection,
    as_owner,
    be_tenant,
    dsn,
    filled,
    not_refusing,
    showing_none,
    showing_others,
    tables,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def runtime(databases: Databases, world: World, other_world: World) -> AsyncIterator[Connection]:
    """The runtime role, without a tenant, in a database where every table has rows of two brands."""
    async with filled(databases.owner, [world.tenant.id, other_world.tenant.id]) as connection:
        yield connection


async def _inserts(connection: Connection, tenant: int) -> list[tuple[str, str]]:
    return [(name, f"INSERT INTO {name} (tenant_id) VALUES ({tenant})") for name in await tables(connection)]


async def test_the_role_of_requests_sees_nothing_without_a_tenant(databases: Databases, world: World) -> None:
    connection: Connection = await asyncpg.connect(dsn(databases.app))
    try:
        assert len(await tables(connection)) > 25
        assert await showing_others(connection, None) == []
        await connection.execute("BEGIN")
        await be_tenant(connection, world.tenant.id)
        assert await connection.fetchval("SELECT count(*) FROM store") == 3
        await connection.execute("COMMIT")
        assert await connection.fetchval("SELECT count(*) FROM store") == 0
    finally:
        await connection.close()


async def test_without_a_tenant_no_table_shows_a_row_or_takes_one(runtime: Connection, world: World) -> None:
    assert await showing_others(runtime, None) == []
    assert await not_refusing(runtime, await _inserts(runtime, world.tenant.id)) == {}


async def test_every_table_shows_a_tenant_its_own_rows_only(
    runtime: Connection, world: World, other_world: World
) -> None:
    for tenant in (world.tenant.id, other_world.tenant.id):
        await be_tenant(runtime, tenant)
        assert await showing_none(runtime, tenant) == []
        assert await showing_others(runtime, tenant) == []


async def test_no_table_takes_a_row_for_another_tenant(runtime: Connection, world: World, other_world: World) -> None:
    await be_tenant(runtime, world.tenant.id)
    assert await not_refusing(runtime, await _inserts(runtime, other_world.tenant.id)) == {}


async def test_no_row_can_be_given_to_another_tenant(runtime: Connection, world: World, other_world: World) -> None:
    await be_tenant(runtime, world.tenant.id)
    moves = [(name, f"UPDATE {name} SET tenant_id = {other_world.tenant.id}") for name in await tables(runtime)]
    assert await not_refusing(runtime, moves) == {}


async def test_no_row_of_another_tenant_can_be_changed_or_removed(
    runtime: Connection, world: World, other_world: World
) -> None:
    await be_tenant(runtime, world.tenant.id)
    theirs = f"WHERE tenant_id = {other_world.tenant.id}"
    names = await tables(runtime)
    updates = await not_refusing(runtime, [(n, f"UPDATE {n} SET tenant_id = tenant_id {theirs}") for n in names])
    deletes = await not_refusing(runtime, [(n, f"DELETE FROM {n} {theirs}") for n in names])
    assert set(updates.values()) == {"UPDATE 0"}
    assert set(deletes.values()) == {"DELETE 0"}


async def test_a_table_without_row_security_would_be_noticed(
    runtime: Connection, world: World, other_world: World
) -> None:
    await as_owner(runtime, "ALTER TABLE member DISABLE ROW LEVEL SECURITY")
    assert await showing_others(runtime, None) == ["member"]
    await be_tenant(runtime, world.tenant.id)
    assert await showing_others(runtime, world.tenant.id) == ["member"]
    assert "member" in await not_refusing(runtime, await _inserts(runtime, other_world.tenant.id))


async def test_a_policy_that_checks_no_new_rows_would_be_noticed(
    runtime: Connection, world: World, other_world: World
) -> None:
    await as_owner(runtime, "ALTER POLICY tenant ON cart WITH CHECK (true)")
    await be_tenant(runtime, world.tenant.id)
    assert list(await not_refusing(runtime, await _inserts(runtime, other_world.tenant.id))) == ["cart"]


async def test_a_policy_that_shows_every_row_would_be_noticed(runtime: Connection, world: World) -> None:
    await as_owner(runtime, "ALTER POLICY tenant ON outbox USING (true)")
    await be_tenant(runtime, world.tenant.id)
    assert await showing_others(runtime, world.tenant.id) == ["outbox"]
