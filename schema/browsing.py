"""Looking through the catalog."""

from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog
from core.catalog import CategoryRow, Listing, ProductRow, Sort, VariantRow
from core.errors import Invalid
from schema import relay
from schema.catalog import Category, Product, ProductVariant
from schema.context import Info
from schema.fields import PUBLIC, field, query
from schema.pages import PAGE, Connection, Page, alone, connection, exactly_one, position, size_of

_LONGEST_SEARCH = 100


@strawberry.type(description="A product in a page.")
class ProductEdge:
    cursor: str = field("Where this item stands.")
    node: Product = field("The product.")


@strawberry.type(description="A page of products.")
class ProductConnection(Page):
    edges: list[ProductEdge] = field("The items with their cursors.")
    nodes: list[Product] = field("The items.")


strawberry.enum(Sort, name="ProductSort", description="The order of a list of products.")


@strawberry.input(description="Which products.")
class ProductWhere:
    category_id: ID | None = strawberry.field(description="In this category or one below it.", default=None)
    in_stock_at: ID | None = strawberry.field(description="That this store has on its shelf.", default=None)
    price_from: int | None = strawberry.field(description="Not cheaper than this, in minor units.", default=None)
    price_to: int | None = strawberry.field(description="Not dearer than this, in minor units.", default=None)


@query(list[Category], access=PUBLIC, cost=20, name="categories", shared=True)
async def list_categories(info: Info) -> list[CategoryRow]:
    """Every category, in the brand's order."""
    return await catalog.categories(info.work)


@query(ProductConnection, access=PUBLIC, cost=2, name="products", shared=True)
async def list_products(
    info: Info,
    first: int | None = PAGE,
    after: str | None = None,
    where: ProductWhere | None = None,
    search: str | None = None,
    sort: Sort | None = None,
) -> Connection[ProductRow]:
    """The catalog: browsed, filtered, searched in Chinese and Latin script."""
    size, listing = size_of(first), _listing(where, search, sort, after)
    rows = await catalog.page(info.work, listing, size + 1)
    return connection(
        rows,
        first=size,
        after=after,
        key=lambda row: [listing.sort, catalog.sort_key(listing.sort, row), row.id],
        count=alone(lambda work: catalog.count(work, listing)),
    )


@query(Product | None, access=PUBLIC, shared=True)
async def product(info: Info, id: ID | None = None, slug: str | None = None) -> ProductRow | None:
    """One product, by id or by slug."""
    exactly_one(id=id, slug=slug)
    if slug is not None:
        return await catalog.product_by_slug(info.work, slug)
    key = relay.key_of("Product", id)
    return (await catalog.products_by_ids(info.work, [key]))[0] if key else None


@query(ProductVariant | None, access=PUBLIC, shared=True)
async def variant(
    info: Info, id: ID | None = None, sku: str | None = None, barcode: str | None = None
) -> VariantRow | None:
    """One variant, by id, code or barcode."""
    exactly_one(id=id, sku=sku, barcode=barcode)
    if sku is not None:
        return await catalog.variant_by_sku(info.work, sku)
    if barcode is not None:
        return (await catalog.variants_by_barcodes(info.work, [barcode]))[0]
    key = relay.key_of("ProductVariant", id)
    return (await catalog.variants_by_ids(info.work, [key]))[0] if key else None


def _listing(where: ProductWhere | None, search: str | None, sort: Sort | None, after: str | None) -> Listing:
    if search is not None and len(search) > _LONGEST_SEARCH:
        raise Invalid(reason=f"A search has at most {_LONGEST_SEARCH} characters.", path=("search",))
    words = (search or "").strip() or None
    chosen = sort or (Sort.RELEVANCE if words else Sort.NEWEST)
    if chosen == Sort.RELEVANCE and words is None:
        raise Invalid(reason="Only a search can be sorted by relevance.", path=("sort",))
    last = position(after, lambda kind: _same(kind, chosen), _KEY_KINDS[chosen], UUID)
    asked = where or ProductWhere()
    return Listing(
        sort=chosen,
        search=words,
        category_id=relay.filter_key("Category", asked.category_id),
        in_stock_at=relay.filter_key("Store", asked.in_stock_at),
        price_from=asked.price_from,
        price_to=asked.price_to,
        after=(last[1], last[2]) if last else None,
    )


_KEY_KINDS = {Sort.NEWEST: UUID, Sort.NAME: str, Sort.PRICE_LOW: int, Sort.PRICE_HIGH: int, Sort.RELEVANCE: int}


def _same(kind: str, chosen: Sort) -> str:
    if kind != chosen:
        raise ValueError("a cursor of another order")
    return kind
