"""The brands that are measured, loaded once and kept."""

import sys
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from core import access
from hexmart.assembly import assemble
from hexmart.databases import Databases, migrate
from hexmart.demo.brands import SEED, brand
from hexmart.demo.load import analyze, load
from hexmart.demo.load_catalog import add_catalog
from hexmart.demo.load_stock import Variant, fill_stores
from hexmart.demo.load_stores import add_stores
from hexmart.demo.load_tenant import entered
from hexmart.demo.profiles import profile
from hexmart.settings import Settings
from tenants import Platform
from tenants.provisioning import NewTenant

HOME = Path(__file__).parent.parent / ".hexmart-bench"

GROCER, STORES, PRODUCTS = "freshmart", 24, 1_000  #: every store has everything, and the first ones never close
CHAIN, CHAIN_STORES, CHAIN_PRODUCTS = "kaffa", 10_000, 60
ON_A_SHELF = 12  #: variants in each store of the chain

COUNT = "SELECT count(*) FROM store WHERE tenant_id = $1"


async def prepare(databases: Databases, settings: Settings) -> None:
    """Bring the database up to date, and load what is missing."""
    await migrate(databases.owner)
    platform = assemble(databases, settings)
    grown = await _grow_chain(platform)
    await load(platform, tenants=1, stores=STORES, products=PRODUCTS)
    await platform.close()
    if grown:
        owner = create_async_engine(databases.owner)
        await analyze(owner)
        await owner.dispose()


async def _grow_chain(platform: Platform) -> bool:
    """Open the chain's stores unless they are there; says whether anything was missing."""
    who = profile(CHAIN)
    wanted = NewTenant(slug=CHAIN, name=who.name, owner_email=f"owner@{CHAIN}.example", plan="demo")
    async with entered(platform, wanted, plugins=platform.first_plugins, roles=list(access.ROLES.values())) as work:
        if (await work.fetch(COUNT))[0][0] >= CHAIN_STORES:
            return False
        print(f"Loading {CHAIN_STORES:,} stores into {HOME}: this once, about two minutes ...", file=sys.stderr)
        seeds = brand(CHAIN, CHAIN_STORES, CHAIN_PRODUCTS)
        places = await add_stores(work, seeds.stores)
        ids = await add_catalog(work, seeds)
        variants = [Variant(ids[one.sku], one) for product in seeds.products for one in product.variants]
        await fill_stores(work, places, variants, most=ON_A_SHELF, seed=SEED, filled=lambda _: None)
        return True
