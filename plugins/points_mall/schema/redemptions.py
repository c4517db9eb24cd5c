"""What members have had for points, as they and staff see it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import strawberry

from core import orders
from core.actors import ActorKind
from core.orders import OrderRow
from core.verification import Verified
from plugins.points_mall import codes, counter, queries
from plugins.points_mall.rows import OfferRow, RedemptionRow
from plugins.points_mall.schema.offers import PointsMallKind, PointsMallOffer
from schema.common import Money
from schema.context import Info
from schema.fields import MEMBER, batched, field, node_type, query
from schema.orders import Order
from schema.pages import PAGE, Connection, Page, connection, position, size_of
from schema.relay import Node
from schema.verifying import Verification


@strawberry.enum(description="How something that was had for points stands.")
class PointsMallState(StrEnum):
    ORDERED = "ORDERED"
    ISSUED = "ISSUED"
    OPEN = "OPEN"
    USED = "USED"
    LAPSED = "LAPSED"
    RETURNED = "RETURNED"


@node_type(RedemptionRow, queries.visible)
class PointsMallRedemption(Node):
    """Something that a member has had for points, at the price of that moment."""

    kind: PointsMallKind = field("What it is.")
    name: str = field("What it was called.")
    state: PointsMallState = field("How it stands: goods are ORDERED, coupons ISSUED, services OPEN until USED.")
    quantity: int = field("How many.")
    returned: int = field("How many of them were given back.")
    points: int = field("The points that were spent on it and have not come back.")
    cash: Money = field("What is paid beside the points, for one.")
    valid_until: datetime | None = field("Until when a service waits.")
    used_at: datetime | None = field("When the service was used.")
    created_at: datetime = field("When it was redeemed.")


@batched(PointsMallRedemption, str | None, cost=0)
async def code(found: Sequence[RedemptionRow], info: Info) -> list[str | None]:
    """What is shown at the counter for a service; to its member alone."""
    return [
        codes.opened(info.work, one.sealed_code, one.id) if one.sealed_code and _is_own(info, one) else None
        for one in found
    ]


@batched(PointsMallRedemption, PointsMallOffer | None, name="offer")
async def redeemed_offer(found: Sequence[RedemptionRow], info: Info) -> Sequence[OfferRow | None]:
    """The offer, where you may see that."""
    return await queries.visible_offers(info.work, [one.offer_id for one in found])


@batched(PointsMallRedemption, Order | None, name="order")
async def redeemed_order(found: Sequence[RedemptionRow], info: Info) -> list[OrderRow | None]:
    """The order that brings the goods."""
    ids = [one.order_id for one in found if one.order_id is not None]
    rows = dict(zip(ids, await orders.visible(info.work, ids), strict=True))
    return [rows.get(one.order_id) if one.order_id else None for one in found]


@batched(Order, PointsMallRedemption | None)
async def points_mall_redemption(found: Sequence[OrderRow], info: Info) -> list[RedemptionRow | None]:
    """What was redeemed by the order; to its member, and to staff with points_mall.read."""
    return await queries.of_orders(info.work, [order.id for order in found])


@batched(Verification, PointsMallRedemption | None)
async def points_mall_taken(found: Sequence[Verified], info: Info) -> list[RedemptionRow | None]:
    """The service that was taken."""
    ids = [one.subject_id for one in found if one.kind == counter.TAKEN]
    by_id = {row.id: row for row in await queries.redemptions_by_ids(info.work, ids) if row is not None}
    return [by_id.get(one.subject_id) for one in found]


@strawberry.type(description="A redemption in a page.")
class PointsMallRedemptionEdge:
    cursor: str = field("Where this item stands.")
    node: PointsMallRedemption = field("The redemption.")


@strawberry.type(description="A page of redemptions.")
class PointsMallRedemptionConnection(Page):
    edges: list[PointsMallRedemptionEdge] = field("The items with their cursors.")
    nodes: list[PointsMallRedemption] = field("The items.")


@query(PointsMallRedemptionConnection, access=MEMBER, cost=2)
async def points_mall_mine(info: Info, first: int | None = PAGE, after: str | None = None) -> Connection[RedemptionRow]:
    """What you have had for points, the newest first."""
    assert info.viewer.id is not None, "a member is somebody"
    size, last, me = size_of(first), position(after, UUID), info.viewer.id
    rows = await queries.page_of_member(info.work, me, after=last[0] if last else None, limit=size + 1)
    return connection(rows, first=size, after=after, key=_key, count=queries.counts_of_members, of=me)


def _is_own(info: Info, redemption: RedemptionRow) -> bool:
    return info.viewer.kind == ActorKind.MEMBER and info.viewer.id == redemption.member_id


def _key(row: RedemptionRow) -> list[UUID]:
    """What a page of redemptions is cut by."""
    return [row.id]
