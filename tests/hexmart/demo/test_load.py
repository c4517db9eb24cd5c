"""The demo in a database: whole or not at all, and consistent."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core import access, identity, members, stores
from core.actors import system
from hexmart import embedded
from hexmart.assembly import assemble
from hexmart.databases import Databases, migrate
from hexmart.demo import load as demo
from hexmart.demo import load_plan, people
from hexmart.demo.load import analyze, ensure_operator, load
from hexmart.demo.load_people import PASSWORD, REGIONAL
from hexmart.demo.load_plan import Plan, TooFew, plan
from hexmart.settings import Settings
from tenants import PLATFORM_SLUG, Platform, TenantUnknown

pytestmark = pytest.mark.anyio
IN_STORES = """
SELECT count(*) FROM stock s JOIN store o ON o.tenant_id = $1 AND o.id = s.location_id WHERE s.tenant_id = $1
"""
SMALL: dict[str, Any] = {"tenants": 3, "stores": 12, "products": 30, "members": 4}
GOODS = "SELECT count(*) FROM variant WHERE tenant_id = $1 AND NOT bundle"  #: what lies on shelves
UNBALANCED = """
SELECT count(*) FROM stock s WHERE s.tenant_id = $1 AND s.on_hand <> (
    SELECT coalesce(sum(m.delta), 0) FROM stock_movement m
    WHERE m.tenant_id = $1 AND m.location_id = s.location_id AND m.variant_id = s.variant_id)
"""


class Interrupted(Exception):
    """What a test stops a load with."""


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Databases]:
    """A server of these tests' own: they interrupt loads and make brands grow."""
    home = tmp_path_factory.mktemp("demo")
    with embedded.running(home) as url:
        asyncio.run(migrate(url))
        yield Databases.of(url, settings)
    embedded.erase(home)


@pytest.fixture(scope="module")
async def platform(databases: Databases, settings: Settings) -> AsyncIterator[Platform]:
    made = assemble(databases, settings)
    await load(made, **SMALL)
    yield made
    await made.close()


async def _value(platform: Platform, slug: str, sql: str) -> Any:
    tenant = await platform.registry.by_slug(slug)
    async with platform.open_work(tenant, system("test"), read_only=True) as work:
        return await work.value(sql)


async def _count(platform: Platform, slug: str, table: str) -> int:
    return int(await _value(platform, slug, f"SELECT count(*) FROM {table} WHERE tenant_id = $1"))


@pytest.mark.parametrize("slug", ["freshmart", "lumi", "kaffa"])
async def test_every_variant_is_in_every_store_with_a_movement_for_what_is_there(platform: Platform, slug: str) -> None:
    pairs = await _count(platform, slug, "store") * await _value(platform, slug, GOODS)
    assert await _count(platform, slug, "store") == await _count(platform, slug, "location") - 1 == 4
    assert await _count(platform, slug, "product") == 11  # a bundle is one of them
    assert await _value(platform, slug, IN_STORES) == await _count(platform, slug, "shelf") == pairs
    assert await _value(platform, slug, UNBALANCED) == 0
    assert await _count(platform, slug, "search_term") > 0


async def test_each_brand_has_a_warehouse_with_more_than_a_store_has(platform: Platform) -> None:
    more = """
    SELECT sum(s.on_hand) FILTER (WHERE l.kind = 'WAREHOUSE') / sum(s.on_hand) FILTER (WHERE l.kind = 'STORE')
    FROM stock s JOIN location l ON l.tenant_id = $1 AND l.id = s.location_id WHERE s.tenant_id = $1
    """
    assert all([await _value(platform, slug, more) > 1 for slug in ("freshmart", "lumi", "kaffa")])


async def test_few_stores_have_prices_of_their_own_and_those_are_lower(platform: Platform) -> None:
    own = (
        "SELECT count(*) FROM shelf h JOIN variant v ON v.tenant_id = $1 AND v.id = h.variant_id WHERE h.tenant_id = $1"
    )
    priced = [await _value(platform, slug, f"{own} AND h.price IS NOT NULL") for slug in ("freshmart", "kaffa")]
    dearer = f"{own} AND (h.price >= v.price OR h.price >= h.list_price)"
    assert 0 < sum(priced) < 20
    assert [await _value(platform, slug, dearer) for slug in ("freshmart", "lumi", "kaffa")] == [0, 0, 0]


async def test_staff_sign_in_and_a_clerk_of_one_store_reaches_no_other(platform: Platform) -> None:
    tenant = await platform.registry.by_slug("freshmart")
    async with platform.open_work(tenant, system("test")) as work:
        first = await stores.by_code(work, "FM-BJS-001")
        scoped = await identity.by_email(work, "clerk.fm-bjs-001@freshmart.example")
        everywhere = [await identity.by_email(work, f"{name}@freshmart.example") for name in people.ROLES]
        assert first
        assert scoped
        kept = await work.value("SELECT password_hash FROM staff WHERE tenant_id = $1 AND id = $2", scoped.id)
        assert identity.verify_password(kept, PASSWORD)
        assert (await access.grants_of(work, scoped.id))["orders.fulfil"] == frozenset({first.id})
        for (name, role), person in zip(people.ROLES.items(), everywhere, strict=True):
            assert person, name
            reach = set((await access.grants_of(work, person.id)).values())
            assert (first.id in (reach.pop() or ())) if role == REGIONAL else (None in reach)
    assert await _count(platform, "freshmart", "staff") == len(people.ROLES) + 3


async def test_members_are_found_by_their_phone_and_open_with_the_brands_key(platform: Platform) -> None:
    tenant = await platform.registry.by_slug("lumi")
    async with platform.open_work(tenant, system("test")) as work:
        found = await members.by_phone(work, "+8613800000001")
        assert found
        assert members.phone_of(work, found.id, found.sealed_phone) == "+8613800000001"
        assert members.name_of(work, found.id, found.sealed_name)
        assert await members.count(work) == 4


async def test_the_operator_is_made_once(platform: Platform) -> None:
    await ensure_operator(platform)
    await ensure_operator(platform)
    tenant = await platform.registry.by_slug(PLATFORM_SLUG)
    async with platform.open_work(tenant, system("test")) as work:
        operator = await identity.by_email(work, "operator@hexmart.example")
        assert operator
        assert set(await access.grants_of(work, operator.id)) == set(access.OPERATOR.permissions)
    assert await _count(platform, PLATFORM_SLUG, "staff") == 1


async def test_an_interrupted_brand_is_not_there_and_the_next_load_completes_it(platform: Platform) -> None:
    def interrupt(done: int, _total: int, what: str) -> None:
        if what == "brand-0004" and done > 12:
            raise Interrupted

    with pytest.raises(Interrupted):
        await load(platform, tenants=4, stores=16, products=40, members=4, progress=interrupt)
    with pytest.raises(TenantUnknown):
        await platform.registry.by_slug("brand-0004")
    await load(platform, tenants=4, stores=16, products=40, members=4)
    pairs = await _count(platform, "brand-0004", "store") * await _value(platform, "brand-0004", GOODS)
    assert await _value(platform, "brand-0004", IN_STORES) == pairs > 0


async def test_a_load_only_adds_and_says_how_far_it_is(platform: Platform) -> None:
    said: list[tuple[int, int, str]] = []
    await load(platform, tenants=5, stores=25, products=60, members=6, progress=lambda *step: said.append(step))
    assert [done for done, _, _ in said] == sorted(done for done, _, _ in said)
    assert said[-1] == (25, 25, "brand-0005")
    for slug in ("freshmart", "brand-0005"):
        pairs = await _count(platform, slug, "store") * await _value(platform, slug, GOODS)
        assert (await _count(platform, slug, "store"), await _count(platform, slug, "product")) == (5, 13)
        assert await _value(platform, slug, IN_STORES) == await _count(platform, slug, "shelf") == pairs
        assert await _count(platform, slug, "member") == 6
        assert await _value(platform, slug, UNBALANCED) == 0


async def test_where_everything_would_be_too_much_a_store_has_a_choice(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_plan, "MANY", 0)
    monkeypatch.setattr(demo, "VARIANTS_PER_STORE", 10)
    await load(platform, tenants=6, stores=30, products=72)
    assert await _count(platform, "brand-0006", "variant") > 10
    assert await _value(platform, "brand-0006", IN_STORES) == await _count(platform, "brand-0006", "shelf") == 5 * 10


async def test_statistics_are_there_after_analyze(platform: Platform, databases: Databases) -> None:
    owner = create_async_engine(databases.owner, poolclass=NullPool)
    await analyze(owner)
    tenant = await platform.registry.by_slug("freshmart")
    async with platform.open_work(tenant, system("test"), read_only=True) as work:
        assert await work.value("SELECT reltuples > 0 FROM pg_class WHERE relname = 'stock' AND $1::bigint > 0")


def test_totals_are_shared_and_too_few_are_refused_in_a_sentence() -> None:
    assert [one.stores for one in plan(3, 11, None, 0)] == [4, 4, 3]
    assert plan(1, None, None, 5) == (Plan("freshmart", 84, 640, 5),)
    with pytest.raises(TooFew, match="2 stores are too few for 3 brands"):
        plan(3, 2, None, 0)


async def test_every_brand_has_a_campaign_for_each_way_to_come_by_a_coupon(platform: Platform) -> None:
    await load(platform, **SMALL)  # what is there already stays
    audiences = "SELECT array_agg(audience ORDER BY audience) FROM coupons_campaign WHERE tenant_id = $1"
    for slug in (one.slug for one in plan(3, 12, 30, 4)):
        found = await _value(platform, slug, audiences)
        assert found == ["AFTER_PICKUP", "AFTER_SALE", "CODE", "NEW_MEMBERS", "PUBLIC", "PUBLIC"]


async def test_every_brand_sells_a_bundle_for_less_than_its_parts_cost(platform: Platform) -> None:
    parts = """
    SELECT array[b.price, sum(c.quantity * v.price)::bigint, count(*)] FROM variant b
    JOIN bundle_component c ON c.tenant_id = $1 AND c.bundle_id = b.id
    JOIN variant v ON v.tenant_id = $1 AND v.id = c.variant_id WHERE b.tenant_id = $1 GROUP BY b.id, b.price
    """
    for slug in ("freshmart", "lumi", "kaffa"):
        price, of_parts, count = await _value(platform, slug, parts)
        assert (0 < price < of_parts, count) == (True, 3)
