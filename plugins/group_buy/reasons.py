"""Why a cart cannot become a place in a team: said when it is marked, and again when it is ordered."""

from collections.abc import Iterator

from core import carts
from core.errors import DomainError, Invalid
from plugins.group_buy.books import Ask, Books
from plugins.group_buy.errors import (
    GroupBuyAlone,
    GroupBuyClosed,
    GroupBuyElsewhere,
    GroupBuyFull,
    GroupBuyLimit,
    GroupBuyMember,
    GroupBuyNewMembers,
    GroupBuyOver,
    GroupBuyQuantity,
    GroupBuySeated,
    GroupBuySoldOut,
)
from plugins.group_buy.rows import CampaignRow, TeamRow
from plugins.group_buy.rules import GroupBuyRules

PATH = ("input", "cartId")


def why_not(books: Books, ask: Ask, rules: GroupBuyRules) -> DomainError | None:
    """The first reason against it, None where there is none."""
    campaign = books.campaigns[ask.wish.campaign_id]
    team = books.teams[ask.wish.team_id] if ask.wish.team_id is not None else None
    reasons = (
        _of_the_time(campaign, team, rules),
        _of_the_cart(books, ask, campaign, team),
        _of_the_team(books, ask, team),
        _of_the_member(books, ask, campaign, team),
        _of_the_stock(ask, campaign),
    )
    return next((reason for some in reasons for reason in some), None)


def _of_the_time(campaign: CampaignRow, team: TeamRow | None, rules: GroupBuyRules) -> Iterator[DomainError]:
    """A team has its own time: by rule it may go on beyond its campaign's."""
    may_go_on = team is not None and rules.join_after_end
    if not campaign.begun or (campaign.over and not may_go_on):
        yield GroupBuyOver(path=PATH)
    if team is not None and not team.open:
        yield GroupBuyClosed(path=PATH)


def _of_the_cart(books: Books, ask: Ask, campaign: CampaignRow, team: TeamRow | None) -> Iterator[DomainError]:
    store = books.stores.get(ask.basket.store_id) if ask.basket.store_id is not None else None
    if store is None:
        yield Invalid(reason="Choose a store first: cartFulfilmentSet finds the best one.", path=PATH)
        return
    if not campaign.reaches(store) or (team is not None and campaign.per_store and team.store_id != store.id):
        yield GroupBuyElsewhere(path=PATH)
    # a team that fails sends whole orders back, so nothing else may be in them
    if not ask.variants <= books.priced.get((campaign.id, ask.wish.size), set()):
        yield GroupBuyAlone(path=PATH)
    most = campaign.quantity_per_order or carts.MOST_OF_A_LINE
    if not 1 <= ask.quantity <= most:
        yield GroupBuyQuantity(most=most, path=PATH)


def _of_the_team(books: Books, ask: Ask, team: TeamRow | None) -> Iterator[DomainError]:
    if team is None:
        return
    if (team.id, ask.wish.member_id) in books.seated:
        yield GroupBuySeated(path=PATH)
    if team.taken >= team.size:
        yield GroupBuyFull(path=PATH)


def _of_the_member(books: Books, ask: Ask, campaign: CampaignRow, team: TeamRow | None) -> Iterator[DomainError]:
    if ask.member_id != ask.wish.member_id:
        yield GroupBuyMember(path=PATH)
    most = campaign.orders_per_member
    if most is not None and books.orders[campaign.id, ask.wish.member_id] >= most:
        yield GroupBuyLimit(most=most, path=PATH)
    if campaign.new_members_only and team is not None and ask.wish.member_id in books.buyers:
        yield GroupBuyNewMembers(path=PATH)


def _of_the_stock(ask: Ask, campaign: CampaignRow) -> Iterator[DomainError]:
    if campaign.left is not None and ask.quantity > campaign.left:
        yield GroupBuySoldOut(left=campaign.left, path=PATH)
