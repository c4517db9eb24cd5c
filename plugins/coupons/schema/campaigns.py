"""Campaigns, as staff and shoppers see them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import strawberry
from strawberry import ID

from plugins.coupons import permissions, queries
from plugins.coupons.rows import CampaignRow, Figures
from plugins.coupons.schema.terms import CouponsTerms
from schema import relay
from schema.common import Money
from schema.context import Info
from schema.fields import PUBLIC, batched, field, node_type, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.relay import Node

_OFFERED = 50


@strawberry.enum(description="Who gets a campaign's coupons.")
class CouponsAudience(StrEnum):
    PUBLIC = "PUBLIC"
    CODE = "CODE"
    STAFF = "STAFF"
    NEW_MEMBERS = "NEW_MEMBERS"
    AFTER_SALE = "AFTER_SALE"
    AFTER_PICKUP = "AFTER_PICKUP"


@strawberry.enum(description="Whether a campaign goes on.")
class CouponsCampaignState(StrEnum):
    ACTIVE = "ACTIVE"
    ENDED = "ENDED"


@row_type(Figures)
class CouponsFigures:
    """What has become of a campaign's coupons."""

    claimed: int = field("Given out; those that were given on count once.")
    used: int = field("Used, in orders that were paid or at a counter.")
    taken: int = field("In orders that are not paid yet.")
    discount: Money = field("What the used ones have taken off.")


@node_type(CampaignRow, queries.visible_campaigns)
class CouponsCampaign(Node):
    """Coupons that a brand gives out."""

    name: str = field("What shoppers call its coupons.")
    state: CouponsCampaignState = field("Whether it goes on.")
    audience: CouponsAudience = field("Who gets its coupons.")
    terms: CouponsTerms = field("What a coupon gives to whoever gets one now.")
    total: int | None = field("How many there are; null: as many as are wanted.")
    left: int | None = field("How many of them are left.")
    per_member: int = field("How many a member may have.")
    claim_from: datetime | None = field("From when they are given out.")
    claim_until: datetime | None = field("Until when.")
    valid_from: datetime | None = field("From when they can be used; null: from the claim on.")
    valid_until: datetime | None = field("Until when; null where they are valid for days.")
    valid_days: int | None = field("For how many days each is valid.")
    delay_days: int = field("How many days after the claim these begin.")
    created_at: datetime = field("When it was made.")


@batched(CouponsCampaign, CouponsFigures | None, cost=10)
async def figures(found: Sequence[CampaignRow], info: Info) -> Sequence[Figures | None]:
    """What has become of its coupons, for staff."""
    if not info.viewer.may(permissions.READ.name):
        return [None] * len(found)
    return await queries.figures(info.work, [row.id for row in found])


@batched(CouponsCampaign, list[str], cost=1)
async def words(found: Sequence[CampaignRow], info: Info) -> list[list[str]]:
    """The words that its coupons can be claimed by, for staff."""
    if not info.viewer.may(permissions.READ.name):
        return [[] for _ in found]
    return await queries.words(info.work, [row.id for row in found])


@strawberry.type(description="A campaign in a page.")
class CouponsCampaignEdge:
    cursor: str = field("Where this item stands.")
    node: CouponsCampaign = field("The campaign.")


@strawberry.type(description="A page of campaigns.")
class CouponsCampaignConnection(Page):
    edges: list[CouponsCampaignEdge] = field("The items with their cursors.")
    nodes: list[CouponsCampaign] = field("The items.")


@query(list[CouponsCampaign], access=PUBLIC, cost=20)
async def coupons_offered(info: Info) -> list[CampaignRow]:
    """Campaigns whose coupons anybody may claim now, the newest first, fifty at most."""
    return await queries.offered(info.work, "PUBLIC", _OFFERED)


@query(CouponsCampaignConnection, access=permissions.READ, cost=2)
async def coupons_campaigns(info: Info, first: int | None = PAGE, after: str | None = None) -> Connection[CampaignRow]:
    """The brand's campaigns, the newest first."""
    size, last = size_of(first), position(after, UUID)
    rows = await queries.page_of_campaigns(info.work, after=last[0] if last else None, limit=size + 1)
    return connection(rows, first=size, after=after, key=_key, count=alone(queries.count_campaigns))


@query(CouponsCampaign | None, access=PUBLIC)
async def coupons_campaign(info: Info, id: ID) -> CampaignRow | None:
    """A campaign: any for staff, for everybody one that gives out coupons now."""
    key = relay.key_of("CouponsCampaign", id)
    return (await queries.visible_campaigns(info.work, [key]))[0] if key else None


def _key(row: CampaignRow) -> list[UUID]:
    """What a page of campaigns is cut by."""
    return [row.id]
