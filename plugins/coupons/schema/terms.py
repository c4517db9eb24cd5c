"""What a coupon gives, for what and where."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

import strawberry

from core import catalog, stores
from core.catalog import CategoryRow, ProductRow
from core.stores import StoreRow
from plugins.coupons.terms import Terms
from schema.catalog import Category, Product
from schema.common import Money
from schema.context import Info
from schema.enums import FulfilmentKind
from schema.fields import batched, field, row_type
from schema.stores import Store

Row = TypeVar("Row")


@strawberry.enum(description="What a coupon takes off.")
class CouponsKind(StrEnum):
    AMOUNT = "AMOUNT"
    PERCENT = "PERCENT"
    FREE_DELIVERY = "FREE_DELIVERY"


@strawberry.enum(description="Where a coupon is taken: in a cart, at a store's counter, or at either.")
class CouponsChannel(StrEnum):
    CART = "CART"
    COUNTER = "COUNTER"
    ANYWHERE = "ANYWHERE"


@row_type(Terms)
class CouponsTerms:
    """What a coupon gives, for what and where. A coupon keeps those it was given with."""

    kind: CouponsKind = field("What it takes off.")
    amount: Money | None = field("How much; of AMOUNT.")
    percent: Decimal | None = field("How much of the goods it is for; of PERCENT.")
    at_most: Money | None = field("It takes off no more than this.")
    minimum: Money = field("What the goods it is for must cost, before anything is taken off them.")
    fulfilments: list[FulfilmentKind] = field("It is good for these alone; empty: for all.")
    tiers: list[str] = field("It is for members of these standings alone; empty: for all.")
    channel: CouponsChannel = field("Where it is taken.")
    stackable: bool = field("Whether it goes together with other coupons.")
    givable: bool = field("Whether its holder may give it away.")


@batched(CouponsTerms, list[Product], cost=5)
async def products(found: Sequence[Terms], info: Info) -> list[list[ProductRow]]:
    """It is for these, besides what its categories hold; neither: for all."""
    ids = sorted({key for terms in found for key in terms.product_ids})
    rows = dict(zip(ids, await catalog.products_by_ids(info.work, ids), strict=True))
    return [_there(rows, terms.product_ids) for terms in found]


@batched(CouponsTerms, list[Category], cost=5)
async def categories(found: Sequence[Terms], info: Info) -> list[list[CategoryRow]]:
    """It is for what stands in these or below them."""
    ids = sorted({key for terms in found for key in terms.category_ids})
    rows = dict(zip(ids, await catalog.categories_by_ids(info.work, ids), strict=True))
    return [_there(rows, terms.category_ids) for terms in found]


@batched(CouponsTerms, list[Store], cost=5, name="stores")
async def stores_of(found: Sequence[Terms], info: Info) -> list[list[StoreRow]]:
    """These take it; empty: all."""
    ids = sorted({key for terms in found for key in terms.store_ids})
    rows = dict(zip(ids, await stores.by_ids(info.work, ids), strict=True))
    return [_there(rows, terms.store_ids) for terms in found]


def _there(rows: dict[UUID, Row | None], ids: Sequence[UUID]) -> list[Row]:
    return [row for key in ids if (row := rows.get(key)) is not None]
