"""Under row-level security, what is asked of coupons all day reaches an index."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core import clock
from core.ids import new_id
from hexmart.app import Application
from hexmart.databases import Databases
from hexmart.testing.brands import build_world
from plugins.coupons import claiming, counter, granting, issuing, jobs, ordering, printing, queries, rewards
from plugins.coupons.tests.shop import Shop
from tests.databases import plain
from tests.performance.apart import *  # noqa: F403 - fixtures, named in its __all__
from tests.performance.plans import Connection, problems

pytestmark = pytest.mark.anyio


#: as if each coupon had been claimed by a printed code
FROM_CODES = """
UPDATE coupons_coupon c SET code_id = k.id
FROM (SELECT id, row_number() OVER () AS n FROM coupons_coupon WHERE tenant_id = $1) p
JOIN (SELECT id, row_number() OVER () AS n FROM coupons_code WHERE tenant_id = $1) k USING (n)
WHERE c.tenant_id = $1 AND c.id = p.id
"""


@dataclass(frozen=True, slots=True)
class Many:
    """A brand with many coupons, and some of them."""

    shop: Shop
    campaigns: Sequence[UUID]
    members: Sequence[UUID]
    coupons: Sequence[UUID]


@pytest.fixture(scope="module")
async def many(application: Application, databases: Databases) -> Many:
    shop = Shop(application.platform, await build_world(application.platform))
    members = await shop.members(300)
    campaigns = [await shop.campaign(audience="CODE", per_member=50) for _ in range(60)]
    for campaign_id in campaigns[:10]:
        async with shop.work() as work:
            await granting.grant(work, campaign_id, members, key=str(campaign_id))
            await printing.print_codes(work, campaign_id, 300, key=str(campaign_id))
    async with shop.work() as work:
        await work.execute(FROM_CODES)
    owner = await asyncpg.connect(plain(databases.owner))
    await owner.execute("ANALYZE")
    await owner.close()
    async with shop.work(read_only=True) as work:
        found = await queries.unused_of(work, members[:1])
    return Many(shop, campaigns, members, [row.id for row in found])


@pytest.fixture
async def runtime(databases: Databases, many: Many) -> AsyncIterator[Connection]:
    """The role that serves, which row security binds; whole tables are read only where there is no other way."""
    connection = await asyncpg.connect(plain(databases.app))
    await connection.execute(f"BEGIN; SET LOCAL app.tenant_id = '{many.shop.world.tenant.id}'")
    await connection.execute("SET LOCAL enable_seqscan = off")
    yield connection
    await connection.close()


def statements(many: Many) -> dict[str, tuple[str, tuple[Any, ...]]]:
    index, indexes, one = b"\x01" * 32, ["\\x" + "01" * 32] * 3, many.coupons[0]
    campaign, holder, order = many.campaigns[0], many.members[0], new_id()
    return {
        "coupons of codes on carts": (queries.OF_CODES, ([0, 1, 2], indexes, [holder] * 3)),
        "a coupon by its code": (queries.BY_CODE, (index,)),
        "coupons by id": (queries.COUPONS, (many.coupons[:5],)),
        "a page of each member's coupons": (queries.PAGES, (many.members[:5], None, 21)),
        "what members could use": (queries.UNUSED, (many.members[:1], 200)),
        "campaigns by id": (queries.CAMPAIGNS, (many.campaigns[:3],)),
        "campaigns that give now": (queries.OFFERED, ("AFTER_SALE", 20)),
        "figures of a campaign": (queries.FIGURES, ([campaign],)),
        "a printed code": (claiming.FIND, (index,)),
        "counting a member's own": (issuing.HOLD, (campaign, [holder], 50)),
        "counting the campaign's": (issuing.TAKE, (campaign, 1)),
        "taking with an order": (ordering.TAKE, ([one], [order], [holder], [1])),
        "using with a payment": (ordering.USE, (order,)),
        "giving back": (ordering.RETURN, ([order], [True], None)),
        "taking at a counter": (counter.USE, (one, many.shop.world.store_keys["S1"], 1)),
        "who was rewarded": (rewards.HAD, (many.campaigns[:3], order)),
        "what a sale has earned": (rewards.TAKE_BACK, ([order],)),
        "what is over": (jobs.EXPIRE, (clock.now(), 500)),
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


async def test_a_statement_that_reaches_none_would_be_noticed(many: Many, runtime: Connection) -> None:
    sql = "SELECT id FROM coupons_coupon WHERE tenant_id = $1 AND issued_at > $2::timestamptz"
    assert await problems(runtime, (sql, (many.shop.world.tenant.id, clock.now())), "force_custom_plan")
