"""Finding group purchases: from what is sold, from a cart or an order, and by a shared code."""

from collections.abc import Sequence
from uuid import UUID

from strawberry import ID

from core import stores
from core.carts import CartRow
from core.catalog import ProductRow, VariantRow
from core.orders import OrderRow
from core.stores import StoreRow
from core.work import Work
from plugins.group_buy import asking, campaigns, queries
from plugins.group_buy.rows import CampaignRow, PriceRow, TeamRow, Wish
from plugins.group_buy.schema.types import GroupBuyCampaign, GroupBuyPrice, GroupBuyTeam
from schema import relay
from schema.carts import Cart
from schema.catalog import Product, ProductVariant
from schema.context import Info
from schema.fields import PUBLIC, batched, field, query, row_type
from schema.orders import Order
from schema.pages import exactly_one, size_of

_TEAMS = 5


@row_type(Wish)
class GroupBuyPurchase:
    """What a cart is bought for."""

    size: int = field("How many members its team has when it is complete.")


@batched(GroupBuyPurchase, GroupBuyCampaign | None, name="campaign")
async def purchase_campaign(wishes: Sequence[Wish], info: Info) -> Sequence[CampaignRow | None]:
    """The campaign whose price it is."""
    return await campaigns.visible(info.work, [wish.campaign_id for wish in wishes])


@batched(GroupBuyPurchase, GroupBuyTeam | None, name="team")
async def purchase_team(wishes: Sequence[Wish], info: Info) -> list[TeamRow | None]:
    """The team that is joined; null: the order opens one."""
    ids = [wish.team_id for wish in wishes if wish.team_id is not None]
    teams = {team.id: team for team in await queries.teams_by_ids(info.work, ids) if team is not None}
    return [teams.get(wish.team_id) if wish.team_id is not None else None for wish in wishes]


@batched(Cart, GroupBuyPurchase | None)
async def group_buy_purchase(found: Sequence[CartRow], info: Info) -> list[Wish | None]:
    """The group purchase that the cart is for."""
    return await queries.wishes_of(info.work, [cart.id for cart in found])


@batched(Order, GroupBuyTeam | None)
async def group_buy_team(found: Sequence[OrderRow], info: Info) -> list[TeamRow | None]:
    """The team that the order is a place in."""
    return await queries.teams_of_orders(info.work, [order.id for order in found])


@batched(Product, list[GroupBuyCampaign] | None, cost=5, shared=False)
async def group_buy_campaigns(
    found: Sequence[ProductRow], info: Info, store_id: ID | None = None
) -> list[list[CampaignRow]]:
    """What is on for it, at a store or anywhere."""
    groups = await queries.campaigns_of(info.work, [product.id for product in found])
    store = await _store(info.work, store_id)
    return [[one for one in group if store_id is None or (store and one.reaches(store))] for group in groups]


@batched(ProductVariant, GroupBuyPrice | None, cost=2, shared=False)
async def group_buy_price(found: Sequence[VariantRow], info: Info, store_id: ID | None = None) -> list[PriceRow | None]:
    """The lowest price that a group pays for it now, at a store or anywhere."""
    groups = await queries.prices_of_variants(info.work, [variant.id for variant in found])
    ids = sorted({price.campaign_id for group in groups for price in group})
    store = await _store(info.work, store_id)
    running = {
        one.id
        for one in await queries.campaigns_by_ids(info.work, ids)
        if one is not None and one.running and (store_id is None or (store and one.reaches(store)))
    }
    return [next((price for price in group if price.campaign_id in running), None) for group in groups]


@batched(GroupBuyCampaign, list[GroupBuyTeam], cost=10, shared=False)
async def open_teams(
    found: Sequence[CampaignRow], info: Info, store_id: ID | None = None, first: int | None = _TEAMS
) -> list[list[TeamRow]]:
    """Teams that wait for somebody to join, of one store or of all: those first that have the least time left."""
    place, size = relay.filter_key("Store", store_id), size_of(first, default=_TEAMS)
    return await queries.joinable(info.work, [campaign.id for campaign in found], place, size)


@query(GroupBuyCampaign | None, access=PUBLIC)
async def group_buy_campaign(info: Info, id: ID) -> CampaignRow | None:
    """A campaign that has begun; for staff who read campaigns, any."""
    key = relay.key_of("GroupBuyCampaign", id)
    return (await campaigns.visible(info.work, [key]))[0] if key else None


@query(GroupBuyTeam | None, access=PUBLIC, name="group_buy_team")
async def find_team(info: Info, id: ID | None = None, code: str | None = None) -> TeamRow | None:
    """A team, by its id or by the code that one of its members has shared."""
    exactly_one(id=id, code=code)
    return await asking.find_team(info.work, team_id=relay.key_of("GroupBuyTeam", id), code=code)


async def _store(work: Work, store_id: ID | None) -> StoreRow | None:
    key: UUID | None = relay.filter_key("Store", store_id)
    return (await stores.by_ids(work, [key]))[0] if key else None
