"""A brand that sells bundles."""

from collections.abc import Mapping

from core import catalog
from core.actors import system
from core.catalog.models import Product, Variant
from hexmart.testing import World
from schema.relay import global_id
from tenants import Platform


async def add_bundle(
    platform: Platform, world: World, sku: str, made_of: Mapping[str, int], barcode: str | None = None
) -> None:
    """Sell a bundle of these for 20.00; of none, a variant that has no stock yet."""
    names = {"sku": sku, "barcode": barcode, "name": sku, "name_en": sku}
    row = Variant(**names, options=[], unit="PIECE", priced_per=1, price=2000)
    product = Product(slug=sku.lower(), name=sku, name_en=sku, description=sku, category_id=None, images=[])
    async with platform.open_work(world.tenant, system("test")) as work:
        await catalog.add_product(work, product, [row])
        await work.session.flush()  # components refer to it
        world.variant_keys[sku], world.variants[sku] = row.id, global_id("ProductVariant", row.id)
    if made_of:
        await set_bundle(platform, world, sku, made_of)


async def set_bundle(platform: Platform, world: World, sku: str, made_of: Mapping[str, int]) -> None:
    """Have it made of something else from now on."""
    components = [(world.variant_keys[part], many) for part, many in made_of.items()]
    async with platform.open_work(world.tenant, system("test")) as work:
        await catalog.set_bundle(work, world.variant_keys[sku], components)
