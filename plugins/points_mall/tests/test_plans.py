"""Under row-level security, what is asked of the points mall all day reaches an index."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core import clock
from hexmart.app import Application
from hexmart.databases import Databases
from hexmart.testing.brands import build_world
from plugins.points_mall import counter, ordering, pricing, queries, returning, taking
from plugins.points_mall.tests.conftest import switched_on
from plugins.points_mall.tests.shop import Shop
from tests.databases import plain
from tests.performance.apart import *  # noqa: F403 - fixtures, named in its __all__
from tests.performance.plans import Connection, problems

pytestmark = pytest.mark.anyio

#: many rows beside what was really done; what they refer to need not be there
FILLING = (
    """INSERT INTO points_mall_offer (tenant_id, id, kind, name, points, minor, starts_at, store_ids, tiers, valid_days,
        created_at)
    SELECT $1, gen_random_uuid(), 'SERVICE', 'o', 1, 0, app_now(), '{}', '{}', 7, app_now()
    FROM generate_series(1, 2000)""",
    """INSERT INTO points_mall_tally (tenant_id, offer_id, member_id, taken, day, today)
    SELECT $1, o.id, gen_random_uuid(), 1, app_now()::date, 1 FROM points_mall_offer o, generate_series(1, 3)
    WHERE o.tenant_id = $1""",
    """INSERT INTO points_mall_redemption (tenant_id, id, offer_id, member_id, kind, name, state, quantity, points,
        minor, day, cart_id, order_id, created_at)
    SELECT $1, gen_random_uuid(), t.offer_id, t.member_id, 'GOODS', 'o', 'ORDERED', 1, 1, 0, t.day, gen_random_uuid(),
        gen_random_uuid(), app_now() FROM points_mall_tally t WHERE t.tenant_id = $1""",
    """INSERT INTO points_mall_redemption (tenant_id, id, offer_id, member_id, kind, name, state, quantity, points,
        minor, day, code_index, code, valid_until, created_at)
    SELECT $1, gen_random_uuid(), t.offer_id, t.member_id, 'SERVICE', 'o', 'OPEN', 1, 1, 0, t.day,
        decode(md5(random()::text), 'hex'), '', app_now() + interval '7 days', app_now()
    FROM points_mall_tally t WHERE t.tenant_id = $1""",
    """INSERT INTO sales_return (tenant_id, id, order_id, store_id, kind, reason, status, at_fault,
        requested_at, moved_by)
    SELECT $1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'RETURN', 'OTHER', 'COMPLETED', false,
        app_now(), ''
    FROM generate_series(1, 2000)""",
)


@dataclass(frozen=True, slots=True)
class Many:
    """A brand with many redemptions, and one of each thing."""

    shop: Shop
    offer: UUID
    member: UUID
    redemption: UUID


@pytest.fixture(scope="module")
async def many(application: Application, databases: Databases) -> Many:
    shop = await switched_on(application.platform, await build_world(application.platform))
    [who, *_], offer = await shop.members(1_000), await shop.service()
    redemption = await shop.redeem(who, offer)
    owner = await asyncpg.connect(plain(databases.owner))
    await owner.execute("SET session_replication_role = replica")
    for sql in FILLING:
        await owner.execute(sql, shop.world.tenant.id)
    await owner.execute("ANALYZE")
    await owner.close()
    return Many(shop, offer, who, redemption)


@pytest.fixture
async def runtime(databases: Databases, many: Many) -> AsyncIterator[Connection]:
    """The role that serves, which row security binds; whole tables are read only where there is no other way."""
    connection = await asyncpg.connect(plain(databases.app))
    await connection.execute(f"BEGIN; SET LOCAL app.tenant_id = '{many.shop.world.tenant.id}'")
    await connection.execute("SET LOCAL enable_seqscan = off")
    yield connection
    await connection.close()


def statements(many: Many) -> dict[str, tuple[str, tuple[Any, ...]]]:
    offer, who, one = many.offer, many.member, many.redemption
    today = clock.now().date()
    return {
        "offers by id": (queries.OFFERS, ("CNY", [offer])),
        "offers that are on": (queries.PAGE, ("CNY", None, None, None, 21)),
        "every offer": (queries.EVERY, ("CNY", None, 21)),
        "redemptions by id": (queries.REDEMPTIONS, ("CNY", [one])),
        "a service by its code": (queries.BY_CODE, ("CNY", b"\x01" * 32)),
        "redemptions of orders": (queries.OF_ORDERS, ("CNY", [one])),
        "redemptions of a member": (queries.MINE, ("CNY", who, None, 21)),
        "offers to be held": (taking.LOCK_OFFERS, ("CNY", [offer])),
        "what members have had": (taking.SHARES, ([offer], [who], today)),
        "taking": (taking.TAKE, ([offer], [1])),
        "counting": (taking.COUNT, ([offer], [who], [1], today)),
        "what carts cost": (pricing.PRICES, ([one],)),
        "what carts are for": (ordering.WANTED, ([one],)),
        "going with an order": (ordering.ORDER, ([one], [one], [who])),
        "what an order had": (ordering.GIVEN_BACK, (one,)),
        "using": (counter.USE, (one, many.shop.world.store_keys["S1"])),
        "what orders end": (returning.OF_ORDERS, ([one],)),
        "what has gone back": (returning.GONE_BACK, (one,)),
        "services that are due": (returning.DUE, (clock.now(), 100)),
        "redemptions to be held": (returning.LOCK, ([one],)),
        "giving back": (returning.RETURN, ([one], [1], "RETURNED")),
        "offers that have more": (returning.RESTORE, ([offer], [1])),
        "members who have fewer": (returning.UNCOUNT, ([offer], [who], [1], [today])),
    }


async def test_what_is_asked_all_day_reaches_an_index(many: Many, runtime: Connection) -> None:
    tenant = many.shop.world.tenant.id
    found = {
        (name, mode): wrong
        for name, (sql, arguments) in statements(many).items()
        for mode in ("force_custom_plan", "force_generic_plan")
        if (wrong := await problems(runtime, (sql, (tenant, *arguments)), mode))
    }
    assert not found, "\n".join(map(str, found.items()))
