"""The catalog, with prices and stock."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, inventory, matching, pricing
from core.catalog import CategoryRow, ComponentRow, ProductRow, VariantRow
from core.inventory import StockRow
from core.money import Money as MoneyRow
from schema import relay
from schema.common import GeoPointInput, Money, point_of
from schema.context import Info
from schema.enums import Unit
from schema.fields import batched, field, node_type, row_type
from schema.pages import size_of
from schema.relay import Node
from schema.stores import StoreMatch

SHOWN_AT_MOST = 99  #: of a variant, to the public: how much a store has is the brand's business


@node_type(CategoryRow, catalog.categories_by_ids)
class Category(Node):
    """A shelf of the catalog."""

    slug: str = field("Its name in addresses.")
    name: str = field("Its name.")


@batched(Category, Category | None)
async def parent(children: Sequence[CategoryRow], info: Info) -> Sequence[CategoryRow | None]:
    """The category it is part of."""
    return await catalog.categories_by_ids(info.work, [child.parent_id for child in children])


@strawberry.type(description="From the cheapest to the dearest variant.")
class PriceRange:
    min: Money = field("The lowest price.")
    max: Money = field("The highest price.")


@row_type(catalog.Option)
class Option:
    """What tells a variant from its siblings."""

    name: str = field("Of what kind: size, colour.")
    value: str = field("Which one: 500 ml, red.")


@row_type(StockRow)
class Stock:
    """How much there is of a variant."""


@batched(Stock, int, cost=0)
async def available(stocks: Sequence[StockRow], info: Info) -> list[int]:
    """What can be bought now; who may not read the stock there sees no more than 99."""
    return [stock.sellable if _sees(info, stock) else min(stock.sellable, SHOWN_AT_MOST) for stock in stocks]


@batched(Stock, int | None, cost=0)
async def on_hand(stocks: Sequence[StockRow], info: Info) -> list[int | None]:
    """What lies on the shelf; needs stock.read there."""
    return [stock.on_hand if _sees(info, stock) else None for stock in stocks]


@batched(Stock, int | None, cost=0)
async def reserved(stocks: Sequence[StockRow], info: Info) -> list[int | None]:
    """What of it is promised to orders; needs stock.read there."""
    return [stock.reserved if _sees(info, stock) else None for stock in stocks]


def _sees(info: Info, stock: StockRow) -> bool:
    """Whether stock.read reaches the place; for all places together it has to reach every one."""
    reach = info.viewer.grants.get(inventory.READ.name, frozenset())
    return reach is None or stock.location_id in reach


@node_type(ProductRow, catalog.products_by_ids)
class Product(Node):
    """What a page of the shop shows; what is bought is one of its variants."""

    name: str = field("Its name.")
    slug: str = field("Its name in addresses.")
    description: str = field("What it is.")
    images: list[str] = field("Addresses of pictures, the main one first.")
    rating: float | None = field("What shoppers think of it, 0 to 5.")


@node_type(VariantRow, catalog.variants_by_ids, name="ProductVariant")
class ProductVariant(Node):
    """What is bought."""

    sku: str = field("The brand's own code.")
    barcode: str | None = field("EAN or UPC.")
    name: str = field("Its name.")
    options: list[Option] = field("What tells it from its siblings.")
    unit: Unit = field("What a quantity counts.")
    priced_per: int = field("The price is for so many of the unit: 500 of GRAM.")


@row_type(ComponentRow)
class BundleComponent:
    """A variant that a bundle is made of."""

    quantity: int = field("How many of it are in one bundle.")


@batched(BundleComponent, ProductVariant, name="variant")
async def component_variant(components: Sequence[ComponentRow], info: Info) -> Sequence[VariantRow | None]:
    """What it is."""
    return await catalog.variants_sold(info.work, [one.variant_id for one in components])


@batched(ProductVariant, list[BundleComponent], cost=4)
async def components(found: Sequence[VariantRow], info: Info) -> list[list[ComponentRow]]:
    """What it is made of, if it is a bundle: it has no stock but theirs."""
    bundles = list({variant.id for variant in found if variant.bundle})
    made_of = dict(zip(bundles, await catalog.components_of(info.work, bundles), strict=True))
    return [made_of.get(variant.id, []) for variant in found]


@batched(Product, Category | None)
async def category(products: Sequence[ProductRow], info: Info) -> Sequence[CategoryRow | None]:
    """The category it is found in."""
    return await catalog.categories_by_ids(info.work, [product.category_id for product in products])


@batched(Product, list[ProductVariant], cost=3)
async def variants(products: Sequence[ProductRow], info: Info) -> list[list[VariantRow]]:
    """What can be bought of it."""
    return await catalog.variants_of(info.work, [product.id for product in products])


@batched(Product, PriceRange, cost=0)
async def price_range(products: Sequence[ProductRow], info: Info) -> list[PriceRange]:
    """From the cheapest to the dearest variant, at the brand's prices."""
    currency = info.tenant.currency
    return [
        PriceRange(min=MoneyRow(p.lowest_price, currency), max=MoneyRow(p.highest_price, currency))  # type: ignore[arg-type]  # its rows stand for the type
        for p in products
    ]


@batched(ProductVariant, Product, name="product")
async def product_of(found: Sequence[VariantRow], info: Info) -> Sequence[ProductRow | None]:
    """The product it belongs to."""
    return await catalog.products_by_ids(info.work, [variant.product_id for variant in found])


@batched(ProductVariant, Money)
async def price(found: Sequence[VariantRow], info: Info, store_id: ID | None = None) -> list[MoneyRow]:
    """The store's own price, else the brand's."""
    prices = await _prices(info, found, store_id)
    return [MoneyRow(prices[variant.id].price, info.tenant.currency) for variant in found]


@batched(ProductVariant, Money | None)
async def list_price(found: Sequence[VariantRow], info: Info, store_id: ID | None = None) -> list[MoneyRow | None]:
    """What it cost before, where that was more."""
    prices = await _prices(info, found, store_id)
    before = [prices[variant.id].list_price for variant in found]
    return [MoneyRow(minor, info.tenant.currency) if minor is not None else None for minor in before]


@batched(ProductVariant, Stock)
async def stock(found: Sequence[VariantRow], info: Info, store_id: ID | None = None) -> list[StockRow]:
    """The stock of one store, or of all together; of a bundle, how many can be made of what is there."""
    ids = [variant.id for variant in found]
    place = relay.filter_key("Store", store_id)
    if place is not None:
        return await inventory.at_location(info.work, place, ids)
    if info.viewer.stores(inventory.READ.name) is None:
        return await inventory.everywhere(info.work, ids)
    return await inventory.up_to(info.work, ids, SHOWN_AT_MOST)


@batched(ProductVariant, list[StoreMatch], cost=30, shared=False)
async def nearby_stock(
    found: Sequence[VariantRow], info: Info, location: GeoPointInput, first: int | None = 5
) -> list[list[matching.StoreMatch]]:
    """The nearest stores that have it."""
    point, wanted = point_of(location, ("location",)), {variant.id: 1 for variant in found}
    matches = await matching.stocking(info.work, point, wanted, size_of(first, default=5))
    nearest = dict(zip(wanted, matches, strict=True))
    return [nearest[variant.id] for variant in found]


@batched(ProductVariant, str | None)
async def placement(found: Sequence[VariantRow], info: Info, store_id: ID) -> list[str | None]:
    """Aisle and shelf in a store."""
    place = relay.filter_key("Store", store_id)
    assert place is not None
    return await catalog.placements(info.work, place, [variant.id for variant in found])


async def _prices(info: Info, found: Sequence[VariantRow], store_id: ID | None) -> dict[UUID, pricing.PriceRow]:
    return await pricing.prices(info.work, relay.filter_key("Store", store_id), [variant.id for variant in found])
