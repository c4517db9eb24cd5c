"""Under row-level security, what is asked of group purchases all day reaches an index."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from hexmart.app import Application
from hexmart.databases import Databases
from hexmart.testing.brands import build_world
from plugins.group_buy import books, campaigns, ending, leaving, paying, pricing, queries, seating, settling
from plugins.group_buy.tests.conftest import switched_on
from plugins.group_buy.tests.shop import PRICE, Shop
from tests.databases import plain
from tests.performance.apart import *  # noqa: F403 - fixtures, named in its __all__
from tests.performance.plans import Connection, problems

pytestmark = pytest.mark.anyio

#: many rows of everything beside what was really done; what they refer to need not be there
FILLING = (
    """INSERT INTO group_buy_campaign (tenant_id, id, product_id, name, active, starts_at, ends_at, hours,
        new_members_only, per_store, store_ids, region_ids)
    SELECT $1, gen_random_uuid(), gen_random_uuid(), 'c', true, app_now(), app_now() + interval '1 day', 1, false,
        false, '{}', '{}' FROM generate_series(1, 2000)""",
    """INSERT INTO group_buy_price (tenant_id, campaign_id, variant_id, size, minor)
    SELECT $1, c.id, gen_random_uuid(), 2, 100 FROM group_buy_campaign c WHERE c.tenant_id = $1""",
    """INSERT INTO group_buy_team (tenant_id, id, campaign_id, code, store_id, leader_id, size, state, taken, paid,
        opened_at, expires_at)
    SELECT $1, gen_random_uuid(), c.id, 'T' || row_number() OVER (), gen_random_uuid(), gen_random_uuid(), 3,
        CASE WHEN c.id < '80000000-0000-0000-0000-000000000000' THEN 'OPEN' ELSE 'SUCCEEDED' END, 3, 3, app_now(),
        app_now() + interval '1 day' FROM group_buy_campaign c WHERE c.tenant_id = $1""",
    """INSERT INTO group_buy_seat (tenant_id, order_id, team_id, campaign_id, member_id, quantity, state, reserved_at)
    SELECT $1, gen_random_uuid(), t.id, t.campaign_id, gen_random_uuid(), 1, 'PAID', app_now()
    FROM group_buy_team t, generate_series(1, 3) WHERE t.tenant_id = $1""",
    """INSERT INTO group_buy_wish (tenant_id, cart_id, campaign_id, team_id, size, member_id)
    SELECT $1, gen_random_uuid(), t.campaign_id, t.id, 2, t.leader_id FROM group_buy_team t WHERE t.tenant_id = $1""",
)


@dataclass(frozen=True, slots=True)
class Many:
    """A brand with many teams, and one of each thing."""

    shop: Shop
    campaign: UUID
    team: UUID
    order: UUID
    cart: UUID
    member: UUID


@pytest.fixture(scope="module")
async def many(application: Application, databases: Databases) -> Many:
    shop = await switched_on(application.platform, await build_world(application.platform))
    campaign, (leader, second) = await shop.campaign({2: PRICE}), await shop.crowd(2)
    team, order = await shop.opens(leader, campaign)
    cart = await shop.cart(second)
    await shop.ask(second, cart, team=team)
    owner = await asyncpg.connect(plain(databases.owner))
    await owner.execute("SET session_replication_role = replica")
    for sql in FILLING:
        await owner.execute(sql, shop.world.tenant.id)
    await owner.execute("ANALYZE")
    await owner.close()
    assert leader.id is not None
    return Many(shop, campaign, team, order, cart, leader.id)


@pytest.fixture
async def runtime(databases: Databases, many: Many) -> AsyncIterator[Connection]:
    """The role that serves, which row security binds; whole tables are read only where there is no other way."""
    connection = await asyncpg.connect(plain(databases.app))
    await connection.execute(f"BEGIN; SET LOCAL app.tenant_id = '{many.shop.world.tenant.id}'")
    await connection.execute("SET LOCAL enable_seqscan = off")
    yield connection
    await connection.close()


def statements(many: Many) -> dict[str, tuple[str, tuple[Any, ...]]]:
    campaign, team, order, cart, member = many.campaign, many.team, many.order, many.cart, many.member
    variant = many.shop.world.variant_keys["MILK-1L"]
    return {
        "what carts cost": (pricing.PRICES, ([cart],)),
        "what carts are for": (queries.WISHES, ([cart],)),
        "campaigns to be held": (books.LOCK_CAMPAIGNS, ([campaign],)),
        "teams to be held": (books.LOCK_TEAMS, ([team],)),
        "prices of campaigns": (queries.PRICES, ([campaign], "CNY")),
        "who sits where": (books.SEATED, ([campaign], [member])),
        "joining": (seating.JOIN, ([team], [1])),
        "selling": (seating.SELL, ([campaign], [1])),
        "teams of orders": (queries.TEAMS_OF_ORDERS, ([order],)),
        "a team by its code": (queries.TEAM_BY_CODE, ("T17",)),
        "teams that wait": (queries.JOINABLE, ([campaign], None, 5)),
        "seats of a team": (queries.SEATS, ([team],)),
        "prices of variants": (queries.PRICES_OF_VARIANTS, ([variant], "CNY")),
        "campaigns of products": (queries.CAMPAIGNS_OF, ([campaign],)),
        "a team to be paid": (paying.LOCK_TEAM, (order,)),
        "a seat that is paid": (paying.PAY, (order, team)),
        "a team that is paid": (paying.COUNT, (team,)),
        "whether a team is due": (ending.IS_DUE, ()),
        "teams that are due": (ending.DUE, (200,)),
        "teams to be ended": (ending.END, ([team], ["FAILED_EXPIRED"], [0])),
        "campaigns of orders that end": (leaving.LOCK_CAMPAIGNS, ([order],)),
        "teams of orders that end": (leaving.LOCK_TEAMS, ([order],)),
        "seats that are given back": (leaving.LEAVE, ([order],)),
        "teams that go on": (leaving.FREE, ([team], [1], [1])),
        "what is for sale again": (leaving.RESTORE, ([campaign], [1])),
        "a seat that moves": (settling.MOVE, (order, team)),
        "a campaign to be changed": (campaigns.LOCK, (campaign,)),
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
