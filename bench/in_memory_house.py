"""The shop in memory as the house declares everything: rows, batched relations, a page with cursors."""

import sys
from collections.abc import Sequence
from typing import cast

import strawberry

from bench.in_memory import (
    DOCUMENT,
    PRICES,
    PRODUCTS,
    STOCK,
    VARIABLES,
    VARIANTS,
    PriceRow,
    ProductRow,
    StockRow,
    VariantRow,
)
from core.actors import ANONYMOUS
from core.work import Work
from schema import pages
from schema.compose import ComposedSchema, compose
from schema.context import Info
from schema.engine import GraphQLRequest
from schema.fields import PUBLIC, batched, field, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, size_of
from tenants import Platform, Tenant

REQUEST = GraphQLRequest(DOCUMENT, VARIABLES)
_BRAND = Tenant(1, "bench", "Bench", "EUR", "UTC", "en", "ACTIVE")


@row_type(PriceRow)
class Money:
    """An amount in a currency."""

    amount: int = field("In minor units.")
    currency: str = field("ISO 4217.")


@row_type(StockRow)
class Stock:
    """How much there is of a variant."""

    available: int = field("What can be bought now.")


@row_type(VariantRow)
class ProductVariant:
    """What is bought."""

    id: strawberry.ID = field("Its key.")
    sku: str = field("The brand's own code.")
    name: str = field("Its name.")


@row_type(ProductRow)
class Product:
    """What a page of the shop shows."""

    id: strawberry.ID = field("Its key.")
    name: str = field("Its name.")
    slug: str = field("Its name in addresses.")


@strawberry.type(description="A product in a page.")
class ProductEdge:
    cursor: str = field("Where this item stands.")
    node: Product = field("The product.")


@strawberry.type(description="A page of products.")
class ProductConnection(Page):
    edges: list[ProductEdge] = field("The items with their cursors.")


@batched(Product, list[ProductVariant])
async def variants(products: Sequence[ProductRow], _info: Info) -> list[list[VariantRow]]:
    """What can be bought of it."""
    return [VARIANTS[product.id] for product in products]


@batched(ProductVariant, Money)
async def price(found: Sequence[VariantRow], _info: Info) -> list[PriceRow]:
    """What it costs."""
    return [PRICES[variant.id] for variant in found]


@batched(ProductVariant, Stock)
async def stock(found: Sequence[VariantRow], _info: Info) -> list[StockRow]:
    """How much there is."""
    return [STOCK[variant.id] for variant in found]


@query(ProductConnection, access=PUBLIC, name="products")
async def list_products(_info: Info, first: int | None = PAGE) -> Connection[ProductRow]:
    """The catalog."""
    size = size_of(first)
    return connection(PRODUCTS[: size + 1], first=size, after=None, key=lambda row: [row.id], count=alone(_count))


async def _count(_work: Work) -> int:
    return len(PRODUCTS)


def shop() -> ComposedSchema:
    """The schema of this module."""
    return compose([pages, sys.modules[__name__]])


def asked() -> Info:
    """A new request by a guest; there is no platform, since nothing is read from a database."""
    return Info(cast("Platform", None), _BRAND, ANONYMOUS, "en", "bench")
