"""A brand with something at the end of every edge, all of it marked."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import catalog, clock, inventory, ledger, members, rulebook
from core.actors import system
from core.catalog.models import Category, Product, Shelf, Variant
from core.ids import new_id
from core.inventory import Correction
from core.ledger import Key, Own, Transfer, Unit
from core.rulebook import Wanted
from core.rules import BRAND, Place
from core.stores.models import Location, Region
from core.work import Work
from hexmart.testing import World
from hexmart.testing.brands import ALWAYS
from schema.relay import global_id
from tenants import Platform
from tests.schema.letters import add_dead, letter_id

PLENTY = 50_000  #: of each variant in each store; less than a line of a cart may want, whatever comes in meanwhile
TEA = "TEA"
GOODS = (TEA, "COFFEE")
BOX = "BOX"  #: a bundle of them

# Every store of one city and one region, but the last, so that each list has more than a page of one.
MARK_STORES = """
UPDATE store SET code = code || '-' || $2, name = name || ' ' || $2, name_en = 'Store ' || $2, address = $2, city = $2,
    phone = '+862155500000', hours = $3, region_id = $4 WHERE tenant_id = $1
"""
MARK_GOODS = """
UPDATE product SET slug = slug || '-' || $2, name = name || ' ' || $2, description = $2 WHERE tenant_id = $1
"""
MARK_VARIANTS = """
UPDATE variant SET sku = sku || '-' || $2, barcode = null, name = name || ' ' || $2 WHERE tenant_id = $1
"""


@dataclass(frozen=True, slots=True)
class Furnished:
    """Ids and natural keys of what was put in, as calls name them."""

    things: dict[str, object]
    phones: tuple[str, str]  #: of two members


async def furnish(platform: Platform, world: World, mark: str, stocked: Sequence[str] = ("S1", "S2")) -> Furnished:
    """Mark all that a brand has, and add what it lacks; goods are in the stocked stores and in a warehouse."""
    async with platform.open_work(world.tenant, system("test")) as work:
        region = Region(id=new_id(), name=mark)
        work.add(region)
        await work.session.flush()  # stores refer to it
        await work.execute(MARK_STORES, mark, _hours(), region.id)
        await work.execute(MARK_GOODS, mark)
        await work.execute(MARK_VARIANTS, mark)
        await _set_rules(work, world, region)
        goods = await _add_goods(work, world, mark)
        warehouse = Location(id=new_id(), name=f"warehouse {mark}", kind="WAREHOUSE")
        work.add(warehouse)
        await work.session.flush()  # stock lies in it
        await _stock_up(work, world, warehouse, stocked)
        phones = new_phone(), new_phone()
        joined = [await members.join(work, phone, name=mark) for phone in phones]
        await ledger.post(work, [_points(one, mark, source) for one in joined for source in ("first", "second")])
    platform.breakers.failed(world.tenant.id, "sandbox", "payment_provider", LookupError(mark))
    letter = [await dead_letter(platform, world, mark) for _ in range(2)][-1]
    places = {"region": global_id("Region", region.id), "city": mark}
    places |= dict.fromkeys(("warehouse", "elsewhere"), global_id("Location", warehouse.id))
    return Furnished(goods | places | {"word": mark, "brand.slug": world.tenant.slug, "letter": letter}, phones)


async def dead_letter(platform: Platform, world: World, mark: str) -> str:
    """An event that could not be delivered, all of it marked."""
    key = await add_dead(platform, world.tenant, event=mark, plugin=mark, subscriber=mark, mark=mark)
    return letter_id(key)


async def _set_rules(work: Work, world: World, region: Region) -> None:
    """A rule for the brand, the region and each store, another to come there; and one by which all stock is low."""
    soon = clock.now() + timedelta(days=1)
    stores = [Place(store_id=key) for key in world.store_keys.values()]
    for place, since in [(BRAND, None), (Place(region.id), None), *[(p, s) for p in stores for s in (None, soon)]]:
        wanted = Wanted(key="pricing.delivery_fee", value=600, place=place, effective_from=since, reason="fuel")
        await rulebook.decide(work, wanted)
    await rulebook.decide(work, Wanted(key="inventory.low_stock", value=2 * PLENTY, place=BRAND))
    await rulebook.decide(work, Wanted(key="points.minor_each", value=1, place=BRAND))


def _points(member_id: UUID, mark: str, source: str) -> Transfer:
    """Points for which a member can have something; some day they expire."""
    until = clock.now() + timedelta(days=300)
    return Transfer(
        key=Key("points.adjusted", f"{member_id}:{source}"),
        unit=Unit.POINTS,
        amount=1_000,
        giver=Own.ADJUSTED,
        taker=member_id,
        expires_at=until,
        note=mark,
    )


async def _add_goods(work: Work, world: World, mark: str) -> dict[str, object]:
    above = await catalog.add_category(work, Category(slug=f"{mark}-drinks", name=mark, name_en=mark))
    shelf = Category(slug=f"{mark}-hot", name=mark, name_en=mark, parent_id=above)
    category = await catalog.add_category(work, shelf)
    things: dict[str, object] = {"category": global_id("Category", category)}
    for name in GOODS:
        product = Product(
            slug=f"{mark}-{name.lower()}",
            name=f"{name} {mark}",
            name_en=f"{name} {mark}",
            description=mark,
            category_id=category,
            images=[f"https://images.example/{mark}.jpg"],
            rating=4.5,
        )
        variant = _variant(name, mark)
        await catalog.add_product(work, product, [variant])
        await work.session.flush()  # shelves refer to the variant
        for store in world.store_keys.values():
            work.add(
                Shelf(store_id=store, variant_id=variant.id, price=990, list_price=1290, placement=f"aisle {mark}")
            )
        world.variant_keys[name], world.variants[name] = variant.id, global_id("ProductVariant", variant.id)
        things |= {"product": global_id("Product", product.id), "product.slug": product.slug}
        things |= {"variant": world.variants[name], "variant.sku": variant.sku, "variant.barcode": variant.barcode}
    return things | {"bundle": await _add_bundle(work, world, mark)}


async def _add_bundle(work: Work, world: World, mark: str) -> str:
    """A bundle of all goods: among what can be bought, and not among what lies on shelves."""
    product = Product(slug=f"{mark}-box", name=mark, name_en=mark, description=mark, category_id=None, images=[])
    await catalog.add_product(work, product, [row := _variant(BOX, mark)])
    await work.session.flush()  # components refer to it
    await catalog.set_bundle(work, row.id, [(world.variant_keys[name], 1) for name in GOODS])
    world.variants[BOX] = global_id("ProductVariant", row.id)
    return world.variants[BOX]


def _variant(name: str, mark: str) -> Variant:
    return Variant(
        sku=f"{name}-{mark}",
        barcode=f"69{secrets.randbelow(10**11):011d}",
        name=f"{name} {mark}",
        name_en=f"{name} {mark}",
        options=[["size", mark]],
        unit="PIECE",
        priced_per=1,
        price=1090,
        list_price=1390,
    )


async def _stock_up(work: Work, world: World, warehouse: Location, stocked: Sequence[str]) -> None:
    for place in (*(world.store_keys[code] for code in stocked), warehouse.id):
        for variant in world.variant_keys.values():
            await inventory.correct(work, place, variant, Correction("COUNT", counted=PLENTY))


def _hours() -> str:
    return str(ALWAYS).replace("'", '"')


def new_phone() -> str:
    """A mobile number in China."""
    return f"+86138{secrets.randbelow(10**8):08d}"
