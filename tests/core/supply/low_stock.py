"""Letting milk run low, and hearing what is told of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core import inventory, rulebook
from core.actors import system
from core.ids import new_id
from core.inventory import Correction
from core.rulebook import Wanted
from core.rules import Place
from core.stores.models import Location
from core.supply.replenishing.watching import watch
from hexmart.testing import World
from tenants import Platform
from tests.faults.shop import MILK

ACTOR = system("test")
SOON = timedelta(seconds=31)  #: after which what has moved is looked at
TOLD = """
SELECT v.sku, (e.payload->>'available')::bigint AS available FROM outbox e
JOIN variant v ON v.tenant_id = $1 AND v.id = (e.payload->>'variant_id')::uuid
WHERE e.tenant_id = $1 AND e.name = 'supply.StockLow' AND e.payload->>'location_id' = $2 ORDER BY e.id
"""


async def look(platform: Platform, world: World) -> int:
    """Do all that the job has to do; how many rows it looked at."""
    looked = 0
    while True:
        async with platform.open_work(world.tenant, ACTOR) as work:
            step = await watch(work)
        if not step:
            return looked
        looked += step


async def told(platform: Platform, world: World, store: str = "S1") -> list[tuple[str, int]]:
    """What has been told of a store, in turn: the variant and how much there was."""
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        return [tuple(row) for row in await work.fetch(TOLD, str(world.store_keys[store]))]


async def sell(platform: Platform, world: World, quantity: int, sku: str = MILK, store: str = "S1") -> None:
    """Over the counter."""
    async with platform.open_work(world.tenant, ACTOR) as work:
        goods = {world.variant_keys[sku]: quantity}
        await inventory.sell(work, world.store_keys[store], {new_id(): goods})


async def warehouse(platform: Platform, world: World, name: str, **stock: int) -> UUID:
    """A place that sells nothing, with so much of these."""
    key = new_id()
    async with platform.open_work(world.tenant, ACTOR) as work:
        work.add(Location(id=key, name=name, kind="WAREHOUSE"))
        await work.session.flush()
        for sku, quantity in stock.items():
            variant = world.variant_keys[sku.replace("_", "-")]
            await inventory.correct(work, key, variant, Correction("OPENING", delta=quantity))
    return key


async def decide(platform: Platform, world: World, store: str | None = None, **values: Any) -> None:
    """Set rules about stock."""
    place = Place(store_id=world.store_keys[store] if store else None)
    async with platform.open_work(world.tenant, ACTOR) as work:
        for name, value in values.items():
            await rulebook.decide(work, Wanted(key=f"inventory.{name}", value=value, place=place))
    await platform.tell_changed(world.tenant.slug)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)
