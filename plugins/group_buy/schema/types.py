"""Campaigns, teams and seats, as the API shows them. Of the people in a team it shows a number and no more."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import strawberry

from core import catalog, stores
from core.actors import ActorKind
from core.catalog import ProductRow, VariantRow
from core.stores import RegionRow, StoreRow
from plugins.group_buy import campaigns, queries
from plugins.group_buy.permissions import READ
from plugins.group_buy.rows import CampaignRow, PriceRow, SeatRow, TeamRow
from schema.catalog import Product, ProductVariant
from schema.common import Money
from schema.context import Info
from schema.fields import batched, field, node_type, row_type
from schema.relay import Node
from schema.stores import Region, Store


@strawberry.enum(description="How far a team is.")
class GroupBuyTeamState(StrEnum):
    OPEN = "OPEN"
    FORMING = "FORMING"
    SUCCEEDED = "SUCCEEDED"
    FAILED_EXPIRED = "FAILED_EXPIRED"
    FAILED_CANCELLED = "FAILED_CANCELLED"


@strawberry.enum(description="How far a member's place in a team is.")
class GroupBuySeatState(StrEnum):
    RESERVED = "RESERVED"
    PAID = "PAID"
    REFUNDING = "REFUNDING"
    REFUNDED = "REFUNDED"
    LEFT = "LEFT"


@row_type(PriceRow)
class GroupBuyPrice:
    """What a variant costs in a team of a size."""

    size: int = field("How many members a team at this price has.")
    price: Money = field("For whoever joins, for `pricedPer` of the unit.")
    leader_price: Money = field("For whoever opens the team.")


@batched(GroupBuyPrice, ProductVariant, name="variant")
async def price_variant(prices: Sequence[PriceRow], info: Info) -> Sequence[VariantRow | None]:
    """What costs that."""
    return await catalog.variants_sold(info.work, [price.variant_id for price in prices])


@node_type(CampaignRow, campaigns.visible)
class GroupBuyCampaign(Node):
    """A product that is cheaper for those who buy it together."""

    name: str = field("What it is called.")
    active: bool = field("Whether it is switched on.")
    running: bool = field("Whether teams can be opened now.")
    starts_at: datetime = field("When it begins.")
    ends_at: datetime = field("When it ends.")
    hours: int = field("How long a team has to fill up.")
    orders_per_member: int | None = field("How often a member may buy; null: as often as they like.")
    quantity_per_order: int | None = field("How much one order may be for; null: any quantity.")
    left: int | None = field("How much may still be sold at this price; null: no limit.")
    new_members_only: bool = field("Whether only people who have never bought may join; anybody may open a team.")
    per_store: bool = field("Whether a team buys at one store, that of its leader.")


@batched(GroupBuyCampaign, Product | None, name="product")
async def campaign_product(found: Sequence[CampaignRow], info: Info) -> Sequence[ProductRow | None]:
    """What is bought."""
    return await catalog.products_by_ids(info.work, [campaign.product_id for campaign in found])


@batched(GroupBuyCampaign, list[GroupBuyPrice], cost=5)
async def prices(found: Sequence[CampaignRow], info: Info) -> list[list[PriceRow]]:
    """What it costs, by variant and size of team."""
    return await queries.prices_of(info.work, [campaign.id for campaign in found])


@batched(GroupBuyCampaign, list[Store], cost=20, name="stores")
async def campaign_stores(found: Sequence[CampaignRow], info: Info) -> list[list[StoreRow]]:
    """The stores it is limited to, beside those of its regions; with neither, it is in all of them."""
    ids = sorted({key for campaign in found for key in campaign.store_ids})
    shops = {shop.id: shop for shop in await stores.by_ids(info.work, ids) if shop is not None}
    return [[shops[key] for key in campaign.store_ids if key in shops] for campaign in found]


@batched(GroupBuyCampaign, list[Region], cost=5, name="regions")
async def campaign_regions(found: Sequence[CampaignRow], info: Info) -> list[list[RegionRow]]:
    """The regions it is limited to, beside single stores."""
    ids = sorted({key for campaign in found for key in campaign.region_ids})
    known = {region.id: region for region in await stores.regions_by_ids(info.work, ids) if region is not None}
    return [[known[key] for key in campaign.region_ids if key in known] for campaign in found]


@node_type(TeamRow, queries.teams_by_ids)
class GroupBuyTeam(Node):
    """Members who buy together, and how many of them are still missing."""

    state: GroupBuyTeamState = field("How far it is.")
    size: int = field("How many members make it complete.")
    paid: int = field("Places that are paid for.")
    reserved: int = field("Places that are taken and still to be paid for.")
    missing: int = field("Places that are free.")
    filled: int = field("Places that were left empty when it succeeded all the same.")
    opened_at: datetime = field("When it was opened.")
    expires_at: datetime = field("When it has to be complete.")
    closed_at: datetime | None = field("When it succeeded or failed.")


@row_type(SeatRow)
class GroupBuySeat:
    """A member's place in a team."""

    number: int = field("In the order in which places were taken, from 1.")
    leads: bool = field("Whether this member leads the team.")
    state: GroupBuySeatState = field("How far it is.")


@batched(GroupBuySeat, bool, cost=0)
async def mine(found: Sequence[SeatRow], info: Info) -> list[bool]:
    """Whether it is your own."""
    return [_is_of(seat, info) for seat in found]


@batched(GroupBuyTeam, GroupBuyCampaign | None, name="campaign")
async def team_campaign(teams: Sequence[TeamRow], info: Info) -> Sequence[CampaignRow | None]:
    """What it buys."""
    return await campaigns.visible(info.work, [team.campaign_id for team in teams])


@batched(GroupBuyTeam, Store, name="store")
async def team_store(teams: Sequence[TeamRow], info: Info) -> Sequence[StoreRow | None]:
    """Where it was opened."""
    return await stores.by_ids(info.work, [team.store_id for team in teams])


@batched(GroupBuyTeam, list[GroupBuySeat], cost=5)
async def seats(teams: Sequence[TeamRow], info: Info) -> list[list[SeatRow]]:
    """Its places, those that were given back included."""
    return await queries.seats_of(info.work, [team.id for team in teams])


@batched(GroupBuyTeam, str | None)
async def code(teams: Sequence[TeamRow], info: Info) -> list[str | None]:
    """What to send to a friend: `groupBuyTeam(code:)` finds the team by it. For its members and for staff."""
    if info.viewer.may(READ.name):
        return [team.code for team in teams]
    found = await queries.seats_of(info.work, [team.id for team in teams])
    return [
        team.code if any(_is_of(seat, info) for seat in some) else None for team, some in zip(teams, found, strict=True)
    ]


def _is_of(seat: SeatRow, info: Info) -> bool:
    return info.viewer.kind == ActorKind.MEMBER and info.viewer.id == seat.member_id
