"""A small brand for a test: three stores in Shanghai, a few goods, stock, staff for each role."""

import secrets
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from core import access, catalog, identity, inventory, stores
from core.actors import system
from core.catalog.models import Category, Product, Variant
from core.stores import GeoPoint
from core.stores.models import Store
from core.work import Work
from schema.relay import global_id
from tenants import NewTenant, Platform, Tenant, create

PASSWORD = "hexmart-demo"  # noqa: S105 - of demos and tests
ALWAYS = [[day, "00:00", "24:00"] for day in range(1, 8)]
PEOPLES_SQUARE = GeoPoint(31.2304, 121.4737)
#: the name somebody has in their address, and the role; the owner comes with the brand
PEOPLE = {"manager": "store_manager"} | {
    role: role for role in access.ROLES if role not in {access.OWNER, "store_manager"}
}

#: name, distance to the north of People's Square in degrees of latitude, hours
_STORES = (
    ("S1", 0.001, ALWAYS),
    ("S2", 0.010, ALWAYS),
    ("S3", 0.020, [[day, "09:00", "09:01"] for day in range(1, 8)]),
)
_GOODS = (
    (
        "milk",
        "鲜牛奶",
        "Fresh milk",
        (("MILK-1L", "6900000000010", "PIECE", 1, 1590), ("MILK-2L", "6900000000027", "PIECE", 1, 2890)),
    ),
    ("apple", "红富士苹果", "Fuji apple", (("APPLE", "2100034000002", "GRAM", 500, 899),)),
    ("bread", "全麦面包", "Wholemeal bread", (("BREAD", "6900000000041", "PIECE", 1, 1250),)),
)
STOCK = 100  #: pieces, or ten times as many grams


@cache
def _around(place: GeoPoint) -> list[int]:
    return stores.covering(centre=place, radius=3_000)


@dataclass
class World:
    """A brand and the ids of what is in it, as the API gives them."""

    tenant: Tenant
    stores: dict[str, str] = field(default_factory=dict)  #: by code
    variants: dict[str, str] = field(default_factory=dict)  #: by SKU
    store_keys: dict[str, UUID] = field(default_factory=dict)
    variant_keys: dict[str, UUID] = field(default_factory=dict)

    def email(self, name: str) -> str:
        """The address that somebody signs in with: owner, manager, clerk, finance ..."""
        return f"{name}@{self.tenant.slug}.example"


async def build_world(platform: Platform, slug: str | None = None, plan: str = "demo") -> World:
    """A new brand with something in it."""
    slug = slug or f"t-{secrets.token_hex(6)}"
    wanted = NewTenant(slug, slug, f"owner@{slug}.example", plan=plan)
    tenant = await create(platform, wanted, system("test"))
    world = World(tenant)
    async with platform.open_work(tenant, system("test")) as work:
        await _add_stores(work, world)
        await _add_goods(work, world)
        await _stock_up(work, world)
        await _add_people(work, world)
    return world


async def _add_stores(work: Work, world: World) -> None:
    for code, north, hours in _STORES:
        place = GeoPoint(PEOPLES_SQUARE.latitude + north, PEOPLES_SQUARE.longitude)
        store = Store(
            code=code,
            name=f"{code}店",
            name_en=f"Store {code}",
            city="上海",
            address=f"人民大道{code}号",
            latitude=place.latitude,
            longitude=place.longitude,
            hours=hours,
            rating=4.5,
            fulfilments=["DELIVERY", "PICKUP", "IN_STORE", "SCAN_AND_GO"],
        )
        key = await stores.open_store(work, store, area=_around(place))
        world.store_keys[code], world.stores[code] = key, global_id("Store", key)


async def _add_goods(work: Work, world: World) -> None:
    category = await catalog.add_category(work, Category(slug="food", name="食品", name_en="Food"))
    for slug, name, name_en, variants in _GOODS:
        rows = [
            Variant(
                sku=sku, barcode=ean, name=name, name_en=name_en, options=[], unit=unit, priced_per=per, price=price
            )
            for sku, ean, unit, per, price in variants
        ]
        product = Product(slug=slug, name=name, name_en=name_en, description=name, category_id=category, images=[])
        await catalog.add_product(work, product, rows, category="食品")
        for row in rows:
            world.variant_keys[row.sku], world.variants[row.sku] = row.id, global_id("ProductVariant", row.id)
    await work.flush()  # stock refers to the variants


async def _stock_up(work: Work, world: World) -> None:
    units = {sku: unit for *_, variants in _GOODS for sku, _, unit, *_ in variants}
    found = {key: STOCK * (10 if units[sku] == "GRAM" else 1) for sku, key in world.variant_keys.items()}
    for code in ("S1", "S2"):
        await inventory.hold(work, world.store_keys[code], found)
        await inventory.shift(work, world.store_keys[code], found, "OPENING")


async def _add_people(work: Work, world: World) -> None:
    kept = identity.hash_password(PASSWORD)
    for name, role in PEOPLE.items():
        person = await identity.add_staff(work, email=world.email(name), name=name, password_hash=kept)
        await access.assign(work, person, role)
    clerk = await identity.add_staff(work, email=world.email("clerk.s1"), name="clerk", password_hash=kept)
    await access.assign(work, clerk, "clerk", store_id=world.store_keys["S1"])
