"""Campaigns, for the staff who set them up."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import ID

from core import contacts
from core.errors import NotFound
from core.money import minor_of
from core.work import Work
from plugins.group_buy import campaigns, queries
from plugins.group_buy.campaigns import Change
from plugins.group_buy.drafts import Draft, Price
from plugins.group_buy.permissions import MANAGE, READ
from plugins.group_buy.rows import CampaignRow
from plugins.group_buy.schema.types import GroupBuyCampaign
from schema import relay
from schema.context import Info
from schema.fields import field, mutation, query
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payloads import Done, Payload, Remark


@strawberry.type(description="A campaign in a page.")
class GroupBuyCampaignEdge:
    cursor: str = field("Where this item stands.")
    node: GroupBuyCampaign = field("The campaign.")


@strawberry.type(description="A page of campaigns.")
class GroupBuyCampaignConnection(Page):
    edges: list[GroupBuyCampaignEdge] = field("The items with their cursors.")
    nodes: list[GroupBuyCampaign] = field("The items.")


@strawberry.type(description="The campaign, or why nothing was done.")
class GroupBuyCampaignPayload(Payload):
    campaign: GroupBuyCampaign | None = field("The campaign as it is now.")


@strawberry.input(description="What a variant is to cost in a team of a size; several sizes are a ladder.")
class GroupBuyPriceInput:
    variant_id: ID = field("The variant.")
    size: int = field("How many members make a team complete, at least 2.")
    price: Decimal = field("For whoever joins, for `pricedPer` of the unit.")
    leader_price: Decimal | None = strawberry.field(
        description="For whoever opens the team; absent: the same.", default=None
    )


@strawberry.input(description="A new campaign.")
class GroupBuyCampaignCreateInput:
    product_id: ID = field("What is bought.")
    name: str = field("What it is called.")
    prices: list[GroupBuyPriceInput] = field("What it costs; every variant for every size.")
    starts_at: datetime = field("When it begins.")
    ends_at: datetime = field("When it ends.")
    hours: int = field("How long a team has to fill up.")
    orders_per_member: int | None = strawberry.field(
        description="How often a member may buy; absent: as often as they like.", default=None
    )
    quantity_per_order: int | None = strawberry.field(
        description="How much one order may be for; absent: any quantity.", default=None
    )
    stock: int | None = strawberry.field(
        description="How much may be sold at this price in all; absent: no limit.", default=None
    )
    new_members_only: bool = strawberry.field(
        description="Whether only people who have never bought may join.", default=False
    )
    per_store: bool = strawberry.field(description="Whether a team buys at its leader's store.", default=False)
    store_ids: list[ID] | None = strawberry.field(description="Only in these stores.", default=None)
    region_ids: list[ID] | None = strawberry.field(description="Only in the stores of these regions.", default=None)
    active: bool = strawberry.field(description="Whether it is switched on.", default=True)


@strawberry.input(description="What is to be changed of a campaign; what is absent stays as it is.")
class GroupBuyCampaignUpdateInput:
    campaign_id: ID = field("The campaign.")
    name: str | None = strawberry.field(description="What it is called.", default=None)
    active: bool | None = strawberry.field(description="Whether it is switched on.", default=None)
    ends_at: datetime | None = strawberry.field(description="When it ends.", default=None)
    hours: int | None = strawberry.field(description="How long a new team has to fill up.", default=None)
    orders_per_member: int | None = strawberry.field(description="How often a member may buy.", default=None)
    quantity_per_order: int | None = strawberry.field(description="How much one order may be for.", default=None)
    stock: int | None = strawberry.field(description="How much may be sold in all.", default=None)


@strawberry.input(description="A campaign that is to end.")
class GroupBuyCampaignEndInput:
    campaign_id: ID = field("The campaign.")


@query(GroupBuyCampaignConnection, access=READ, cost=2, name="group_buy_campaigns")
async def list_campaigns(info: Info, first: int | None = PAGE, after: str | None = None) -> Connection[CampaignRow]:
    """The campaigns in the stores that your group_buy.read reaches, newest first, those that are over included."""
    size, last = size_of(first), position(after, UUID)
    rows = await campaigns.page(info.work, after=last[0] if last else None, limit=size + 1)
    return connection(rows, first=size, after=after, key=_key_of, count=alone(campaigns.count))


@mutation(GroupBuyCampaignPayload, access=MANAGE)
async def group_buy_campaign_create(work: Work, input: GroupBuyCampaignCreateInput) -> CampaignRow | None:
    """Set up a campaign, in stores that your role reaches."""
    return await _shown(work, await campaigns.create(work, _draft(work, input)))


@mutation(GroupBuyCampaignPayload, access=MANAGE)
async def group_buy_campaign_update(work: Work, input: GroupBuyCampaignUpdateInput) -> CampaignRow | None:
    """Change a campaign; prices and sizes stay, for those who have bought already: end it and set up another one."""
    change = Change(
        name=contacts.text(input.name, path=("input", "name")) if input.name is not None else None,
        active=input.active,
        ends_at=input.ends_at,
        hours=input.hours,
        orders_per_member=input.orders_per_member,
        quantity_per_order=input.quantity_per_order,
        stock=input.stock,
    )
    return await _shown(work, await campaigns.change(work, _campaign_key(input.campaign_id), change))


@mutation(GroupBuyCampaignPayload, access=MANAGE)
async def group_buy_campaign_end(work: Work, input: GroupBuyCampaignEndInput) -> Done:
    """End a campaign for good: no team is opened any more, and those that are open go on to their end by rule."""
    campaign_id, ended = await campaigns.end(work, _campaign_key(input.campaign_id))
    remarks = [] if ended else [Remark("ALREADY_DONE", "It had ended before.", input.campaign_id)]
    return Done(await _shown(work, campaign_id), remarks)


async def _shown(work: Work, campaign_id: UUID) -> CampaignRow | None:
    return (await queries.campaigns_by_ids(work, [campaign_id]))[0]


def _draft(work: Work, input: GroupBuyCampaignCreateInput) -> Draft:
    product_id = relay.key_of("Product", input.product_id)
    if product_id is None:
        raise NotFound(what="product", path=("input", "productId"))
    return Draft(
        product_id=product_id,
        name=contacts.text(input.name, path=("input", "name")),
        prices=[_price(work, price) for price in input.prices],
        starts_at=input.starts_at,
        ends_at=input.ends_at,
        hours=input.hours,
        orders_per_member=input.orders_per_member,
        quantity_per_order=input.quantity_per_order,
        stock=input.stock,
        new_members_only=input.new_members_only,
        per_store=input.per_store,
        store_ids=_keys("Store", input.store_ids),
        region_ids=_keys("Region", input.region_ids),
        active=input.active,
    )


def _price(work: Work, given: GroupBuyPriceInput) -> Price:
    path = ("input", "prices")
    leader = given.leader_price
    return Price(
        variant_id=relay.key_or_nothing("ProductVariant", given.variant_id),
        size=given.size,
        minor=minor_of(given.price, work.brand.currency, (*path, "price")),
        leader_minor=None if leader is None else minor_of(leader, work.brand.currency, (*path, "leaderPrice")),
    )


def _keys(kind: str, ids: Sequence[ID] | None) -> list[UUID]:
    """Keys without repetition; what is no id is one that nothing has."""
    return list(dict.fromkeys(relay.key_or_nothing(kind, one) for one in ids or []))


def _campaign_key(value: ID) -> UUID | None:
    return relay.key_of("GroupBuyCampaign", value)


def _key_of(row: CampaignRow) -> list[UUID]:
    return [row.id]
