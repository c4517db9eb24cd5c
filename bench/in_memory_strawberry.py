"""The shop in memory as Strawberry's documentation has it, every relation in place before it is asked for."""

import strawberry
from strawberry.extensions import ParserCache, ValidationCache

from bench.in_memory import PRICES, PRODUCTS, STOCK, VARIANTS, ProductRow, VariantRow
from schema.pages import PAGE


@strawberry.type
class Money:
    amount: int
    currency: str


@strawberry.type
class Stock:
    available: int


@strawberry.type
class ProductVariant:
    id: strawberry.ID
    sku: str
    name: str
    price: Money
    stock: Stock


@strawberry.type
class Product:
    id: strawberry.ID
    name: str
    slug: str
    variants: list[ProductVariant]


@strawberry.type
class ProductEdge:
    cursor: str
    node: Product


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class ProductConnection:
    edges: list[ProductEdge]
    page_info: PageInfo


def money_of(variant_id: str) -> Money:
    """What a variant costs."""
    return Money(amount=PRICES[variant_id].amount, currency=PRICES[variant_id].currency)


def stock_of(variant_id: str) -> Stock:
    """How much there is of it."""
    return Stock(available=STOCK[variant_id].available)


def _variant(row: VariantRow) -> ProductVariant:
    identity = strawberry.ID(row.id)
    return ProductVariant(id=identity, sku=row.sku, name=row.name, price=money_of(row.id), stock=stock_of(row.id))


def _product(row: ProductRow) -> Product:
    variants = [_variant(variant) for variant in VARIANTS[row.id]]
    return Product(id=strawberry.ID(row.id), name=row.name, slug=row.slug, variants=variants)


_EDGES = [ProductEdge(cursor=str(number), node=_product(row)) for number, row in enumerate(PRODUCTS)]


@strawberry.type
class Query:
    @strawberry.field
    async def products(self, first: int = PAGE) -> ProductConnection:
        """The first of them, as they lie there."""
        shown = _EDGES[:first]
        return ProductConnection(
            edges=shown,
            page_info=PageInfo(
                has_next_page=len(_EDGES) > first,
                has_previous_page=False,
                start_cursor=shown[0].cursor if shown else None,
                end_cursor=shown[-1].cursor if shown else None,
            ),
        )


DEFAULT = strawberry.Schema(Query)
CACHED = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])
