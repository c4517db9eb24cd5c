"""Offers of the points mall, as shoppers and staff see them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, stores
from core.catalog import VariantRow
from core.stores import StoreRow
from plugins.points_mall import queries
from plugins.points_mall.permissions import READ
from plugins.points_mall.rows import OfferRow
from schema import relay
from schema.catalog import ProductVariant
from schema.common import Money
from schema.context import Info
from schema.fields import PUBLIC, batched, field, node_type, query
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.relay import Node
from schema.stores import Store


@strawberry.enum(description="What is given for points.")
class PointsMallKind(StrEnum):
    GOODS = "GOODS"
    COUPON = "COUPON"
    SERVICE = "SERVICE"


@node_type(OfferRow, queries.visible_offers)
class PointsMallOffer(Node):
    """Something that a brand gives for points."""

    kind: PointsMallKind = field("What it gives.")
    name: str = field("What it is called.")
    points: int = field("How many points one takes.")
    cash: Money = field("What is paid beside the points, for one.")
    left: int | None = field("How many are left; null: as many as are wanted.")
    per_member: int | None = field("How many one member may have; null: any number.")
    per_day: int | None = field("How many of them in a day; null: any number.")
    running: bool = field("Whether it is to be had now.")
    starts_at: datetime = field("When it begins.")
    ends_at: datetime | None = field("When it ends; null: it has no end yet.")
    tiers: list[str] = field("For members of these tiers alone; empty: for all.")
    valid_days: int | None = field("For how many days a service waits.")


@batched(PointsMallOffer, ProductVariant | None, name="variant")
async def offered_variant(found: Sequence[OfferRow], info: Info) -> list[VariantRow | None]:
    """The goods that it gives."""
    ids = [offer.variant_id for offer in found if offer.variant_id is not None]
    rows = dict(zip(ids, await catalog.variants_by_ids(info.work, ids), strict=True))
    return [rows.get(offer.variant_id) if offer.variant_id else None for offer in found]


@batched(PointsMallOffer, list[Store], cost=20, name="stores")
async def offering_stores(found: Sequence[OfferRow], info: Info) -> list[list[StoreRow]]:
    """The stores where it is to be had; empty: all of them."""
    ids = sorted({key for offer in found for key in offer.store_ids})
    rows = {row.id: row for row in await stores.by_ids(info.work, ids) if row is not None}
    return [[rows[key] for key in offer.store_ids if key in rows] for offer in found]


@strawberry.type(description="An offer in a page.")
class PointsMallOfferEdge:
    cursor: str = field("Where this item stands.")
    node: PointsMallOffer = field("The offer.")


@strawberry.type(description="A page of offers.")
class PointsMallOfferConnection(Page):
    edges: list[PointsMallOfferEdge] = field("The items with their cursors.")
    nodes: list[PointsMallOffer] = field("The items.")


@query(PointsMallOfferConnection, access=PUBLIC, cost=2)
async def points_mall_offers(
    info: Info,
    first: int | None = PAGE,
    after: str | None = None,
    kind: PointsMallKind | None = None,
    store_id: ID | None = None,
) -> Connection[OfferRow]:
    """What is to be had for points now, the newest first; of one kind, at one store."""
    size, last, place = size_of(first), position(after, UUID), relay.filter_key("Store", store_id)
    before = last[0] if last else None
    rows = await queries.page(info.work, kind=kind, store_id=place, after=before, limit=size + 1)
    return connection(
        rows, first=size, after=after, key=_key, count=alone(lambda work: queries.count(work, kind, place))
    )


@query(PointsMallOfferConnection, access=READ, cost=2)
async def points_mall_catalogue(info: Info, first: int | None = PAGE, after: str | None = None) -> Connection[OfferRow]:
    """Every offer of the brand, those that have not begun or are over included, the newest first."""
    size, last = size_of(first), position(after, UUID)
    rows = await queries.page_of_every(info.work, after=last[0] if last else None, limit=size + 1)
    return connection(rows, first=size, after=after, key=_key, count=alone(queries.count_every))


def _key(row: OfferRow) -> list[UUID]:
    """What a page of offers is cut by."""
    return [row.id]
