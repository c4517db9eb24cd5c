"""Brands from before there were regions: their people may do afterwards what they could, and have the new roles."""

from collections.abc import AsyncIterator, Mapping
from uuid import UUID

import asyncpg
import pytest

from core.access import OPERATOR, ROLES
from hexmart.databases import Databases
from tests.architecture.conftest import Connection
from tests.architecture.test_migrations import step
from tests.databases import new_database, plain

pytestmark = pytest.mark.anyio
CLERK = ("orders.read", "orders.fulfil", "orders.verify", "orders.record_sale", "stock.read", "members.read")
MANAGER = (*CLERK, "orders.cancel", "payments.refund", "stock.adjust", "members.read_contact")
Roles = Mapping[str, tuple[str, tuple[str, ...]]]  #: label and permissions by name
#: as brands had them
BEFORE: Roles = {
    "owner": ("Owner", MANAGER),
    "manager": ("Store manager", MANAGER),
    "clerk": ("Clerk", CLERK),
    "courier": ("Courier", ("orders.read", "orders.fulfil", "members.read_contact")),
}
OPERATED: Roles = {"operator": ("Operator of the platform", ("tenants.create", "tenants.suspend"))}
BRANDS = {"kaffa": BEFORE, "lumi": BEFORE, "platform": OPERATED}
STORE = UUID(int=99)


@pytest.fixture
async def old(databases: Databases) -> AsyncIterator[str]:
    """A database as it was, with brands in it."""
    async with new_database(databases.owner) as url:
        await step(url, up="0007")
        await _furnish(url)
        yield url


async def _furnish(url: str) -> None:
    connection = await asyncpg.connect(plain(url))
    for slug, roles in BRANDS.items():
        key = await connection.fetchval(
            "INSERT INTO tenant (slug, name, currency, time_zone, locale, created_at) "
            "VALUES ($1, $1, 'CNY', 'Asia/Shanghai', 'zh-CN', now()) RETURNING id",
            slug,
        )
        await connection.execute(f"SET app.tenant_id = '{key:d}'")
        await connection.execute(
            "INSERT INTO store (tenant_id, id, code, name, city, address, latitude, longitude, hours, fulfilments) "
            "VALUES ($1, $2, 'S1', 'S1', 'x', 'x', 0, 0, '[]', '{}')",
            key,
            STORE,
        )
        for number, (name, (label, permissions)) in enumerate(roles.items(), start=1):
            await _hire(connection, key, number, name, label, permissions)
    await connection.close()


async def _hire(
    connection: Connection, key: int, number: int, role: str, label: str, permissions: tuple[str, ...]
) -> None:
    """A role, and somebody who has it: managers and clerks for a store as well."""
    person = UUID(int=number)
    await connection.execute("INSERT INTO role (tenant_id, name, label) VALUES ($1, $2, $3)", key, role, label)
    await connection.executemany(
        "INSERT INTO role_permission (tenant_id, role, permission) VALUES ($1, $2, $3)",
        [(key, role, permission) for permission in permissions],
    )
    await connection.execute(
        "INSERT INTO staff (tenant_id, id, email, email_index, name, created_at) VALUES ($1, $2, $3, $3, $3, now())",
        key,
        person,
        role.encode(),
    )
    for place, store in enumerate([None, STORE] if role in {"manager", "clerk"} else [None]):
        await connection.execute(
            "INSERT INTO role_assignment (tenant_id, id, staff_id, role, store_id) VALUES ($1, $2, $3, $4, $5)",
            key,
            UUID(int=number * 10 + place),
            person,
            role,
            store,
        )


async def roles(connection: Connection, slug: str) -> dict[str, tuple[str, list[str]]]:
    rows = await connection.fetch(
        "SELECT r.name, r.label, array_agg(p.permission ORDER BY p.permission) AS permissions FROM role r "
        "JOIN role_permission p ON p.tenant_id = r.tenant_id AND p.role = r.name "
        "WHERE r.tenant_id = (SELECT id FROM tenant WHERE slug = $1) GROUP BY 1, 2",
        slug,
    )
    return {row["name"]: (row["label"], row["permissions"]) for row in rows}


async def assignments(connection: Connection, slug: str) -> list[tuple[int, str, UUID | None]]:
    rows = await connection.fetch(
        "SELECT staff_id, role, store_id FROM role_assignment "
        "WHERE tenant_id = (SELECT id FROM tenant WHERE slug = $1) ORDER BY id",
        slug,
    )
    return [(row["staff_id"].int, row["role"], row["store_id"]) for row in rows]


async def test_brands_that_are_there_get_the_roles_that_new_ones_start_with(old: str) -> None:
    await step(old, up="head")
    connection = await asyncpg.connect(plain(old))
    for slug in ("kaffa", "lumi"):
        assert await roles(connection, slug) == {
            seed.name: (seed.label, sorted(seed.permissions)) for seed in ROLES.values()
        }
        assert await assignments(connection, slug) == [
            (1, "owner", None),
            (2, "store_manager", None),
            (2, "store_manager", STORE),
            (3, "clerk", None),
            (3, "clerk", STORE),
            (4, "courier", None),
        ]
    assert await roles(connection, "platform") == {
        OPERATOR.name: (OPERATOR.label, sorted(OPERATOR.permissions)),
    }
    assert await assignments(connection, "platform") == [(1, "operator", None)]
    await connection.close()


async def test_going_back_gives_nobody_more_than_they_had(old: str) -> None:
    await step(old, up="0008")
    connection = await asyncpg.connect(plain(old))
    await connection.execute("INSERT INTO region (tenant_id, id, name) SELECT id, $1, 'x' FROM tenant", STORE)
    await connection.execute(
        "INSERT INTO role_assignment (tenant_id, id, staff_id, role, region_id) "
        "SELECT id, $1, $2, 'clerk', $1 FROM tenant WHERE slug <> 'platform'",
        STORE,
        UUID(int=4),
    )
    await connection.close()
    await step(old, down="0007")
    connection = await asyncpg.connect(plain(old))
    for slug in ("kaffa", "lumi"):
        found = await roles(connection, slug)
        for name in ("manager", "clerk", "courier"):
            assert set(BEFORE[name][1]) <= set(found[name][1])
        assert set(MANAGER) < set(found["owner"][1])
        assert [one for one in await assignments(connection, slug) if one[0] == 4] == [(4, "courier", None)]
    await connection.close()
    await step(old, up="head")
