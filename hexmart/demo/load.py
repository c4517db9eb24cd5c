"""Loads the demo, brand by brand; what is there already stays, so an interrupted load is simply run again."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core import access
from core.work import Work
from hexmart.demo import load_value
from hexmart.demo.brands import SEED, brand
from hexmart.demo.load_bundle import add_bundle
from hexmart.demo.load_campaigns import PLUGIN as COUPONS
from hexmart.demo.load_campaigns import add_campaigns
from hexmart.demo.load_catalog import add_catalog
from hexmart.demo.load_people import PASSWORD, add_members, add_staff
from hexmart.demo.load_plan import Plan, is_large, plan
from hexmart.demo.load_rules import add_rules
from hexmart.demo.load_stock import VARIANTS_PER_STORE, Variant, fill_stores, fill_warehouse
from hexmart.demo.load_stores import add_stores, add_warehouse
from hexmart.demo.load_supply import add_supply
from hexmart.demo.load_tenant import entered
from hexmart.demo.profiles import profile
from plugins.group_buy import demo as group_buy
from plugins.points_mall import demo as points_mall
from tenants import Platform, add_operator
from tenants.provisioning import NewTenant

Progress = Callable[[int, int, str], None]  #: stores filled, of how many, and the brand under way

OPERATOR = "operator@hexmart.example"
COUNTS = """
SELECT (SELECT count(*) FROM store WHERE tenant_id = $1),
    (SELECT count(DISTINCT product_id) FROM variant WHERE tenant_id = $1 AND NOT bundle),
    (SELECT count(*) FROM member WHERE tenant_id = $1)
"""


def silent(_done: int, _total: int, _what: str) -> None:
    """Progress that nobody watches."""


async def load(
    platform: Platform,
    *,
    tenants: int = 3,
    stores: int | None = None,
    products: int | None = None,
    members: int = 50,
    seed: int = SEED,
    progress: Progress = silent,
) -> None:
    """Load what is missing of so many brands: stores and products are totals, members are each brand's."""
    plans = plan(tenants, stores, products, members)
    most = VARIANTS_PER_STORE if is_large(plans) else None
    done, total = 0, sum(one.stores for one in plans)
    for one in plans:
        progress(done, total, one.slug)
        await _load_brand(platform, one, most, seed, partial(_report, progress, done, total, one))
        done += one.stores
        progress(done, total, one.slug)


async def ensure_operator(platform: Platform) -> None:
    """Let the demo's operator operate."""
    await add_operator(platform, OPERATOR, PASSWORD, plan="demo")


async def analyze(owner_engine: AsyncEngine) -> None:
    """Tell the planner what the tables hold now; only their owner may."""
    async with owner_engine.begin() as connection:
        await connection.execute(text("ANALYZE"))


def _report(progress: Progress, done: int, total: int, one: Plan, filled: int) -> None:
    """Stores of this brand beyond the wanted ones, from a larger load before, do not count."""
    progress(done + min(filled, one.stores), total, one.slug)


async def _load_brand(
    platform: Platform, wanted: Plan, most: int | None, seed: int, filled: Callable[[int], None]
) -> None:
    who = profile(wanted.slug)
    tenant = NewTenant(slug=who.slug, name=who.name, owner_email=f"owner@{who.slug}.example", plan="demo")
    roles = list(access.ROLES.values())
    plugins = platform.first_plugins | frozenset(who.plugins if platform.first_plugins else ())
    async with entered(platform, tenant, plugins=plugins, roles=roles) as work:
        there = Plan(who.slug, *(await work.fetch(COUNTS))[0])
        if not there.reaches(wanted):
            await _fill(work, there.grown_to(wanted), most, seed, filled)
        await add_bundle(work, who)
        await add_supply(work)
        await add_rules(work)
        if COUPONS in platform.first_plugins:
            await add_campaigns(work)
        if group_buy.PLUGIN in platform.first_plugins:
            await group_buy.add_campaign(work)
        if _on(work, load_value.PLUGIN):
            await load_value.decide_value(work)
        if _on(work, points_mall.PLUGIN):
            await points_mall.add_offers(work)


def _on(work: Work, plugin: str) -> bool:
    """Whether a brand has a plugin that not all begin with: one that was loaded long ago may not."""
    return any(name.startswith(f"{plugin}.") for name in work.hooks.permissions)


async def _fill(work: Work, wanted: Plan, most: int | None, seed: int, filled: Callable[[int], None]) -> None:
    """Bring a brand to the wanted size; a smaller one is always the beginning of a larger."""
    seeds = brand(wanted.slug, wanted.stores, wanted.products, seed)
    stores = await add_stores(work, seeds.stores)
    await add_staff(work, {one.code: stores[one.code] for one in seeds.stores})
    await add_members(work, wanted.members)
    ids = await add_catalog(work, seeds)
    variants = [Variant(ids[one.sku], one) for product in seeds.products for one in product.variants]
    await fill_warehouse(work, await add_warehouse(work, seeds.stores[0]), variants, seed)
    await fill_stores(work, stores, variants, most=most, seed=seed, filled=filled)
