"""The shop in memory as Strawberry has it where relations are loaded: a DataLoader each, new for every request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import strawberry
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from bench.in_memory import PRODUCTS, VARIANTS
from bench.in_memory_strawberry import Money, Stock, money_of, stock_of
from schema.pages import PAGE

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Loaders:
    """The context of one request."""

    variants: "DataLoader[str, list[ProductVariant]]"
    price: DataLoader[str, Money]
    stock: DataLoader[str, Stock]


Info: TypeAlias = strawberry.Info[Loaders, None]


@strawberry.type
class ProductVariant:
    id: strawberry.ID
    sku: str
    name: str

    @strawberry.field
    async def price(self, info: Info) -> Money:
        return await info.context.price.load(self.id)

    @strawberry.field
    async def stock(self, info: Info) -> Stock:
        return await info.context.stock.load(self.id)


@strawberry.type
class Product:
    id: strawberry.ID
    name: str
    slug: str

    @strawberry.field
    async def variants(self, info: Info) -> list[ProductVariant]:
        return await info.context.variants.load(self.id)


@strawberry.type
class ProductEdge:
    node: Product


@strawberry.type
class ProductConnection:
    edges: list[ProductEdge]


_EDGES = [ProductEdge(node=Product(id=strawberry.ID(row.id), name=row.name, slug=row.slug)) for row in PRODUCTS]
_VARIANTS = {
    product: [ProductVariant(id=strawberry.ID(row.id), sku=row.sku, name=row.name) for row in rows]
    for product, rows in VARIANTS.items()
}
_MONEY = {row.id: money_of(row.id) for rows in VARIANTS.values() for row in rows}
_STOCK = {row.id: stock_of(row.id) for rows in VARIANTS.values() for row in rows}


@strawberry.type
class Query:
    @strawberry.field
    async def products(self, first: int = PAGE) -> ProductConnection:
        return ProductConnection(edges=_EDGES[:first])


SCHEMA = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])


def loaders() -> Loaders:
    """What a new request begins with: nothing is known yet."""
    return Loaders(_by_key(_VARIANTS), _by_key(_MONEY), _by_key(_STOCK))


def _by_key(rows: Mapping[str, Value]) -> DataLoader[str, Value]:
    async def load(keys: list[str]) -> list[Value]:
        return [rows[key] for key in keys]

    return DataLoader(load)
