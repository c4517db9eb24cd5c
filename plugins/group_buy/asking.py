"""Marking a cart: it is bought with a team, or opens one, and costs what that costs."""

from collections.abc import Sequence
from uuid import UUID

from core import carts
from core.carts import CartRow
from core.errors import Invalid, NotFound
from core.work import Work
from plugins.group_buy.books import Ask, look_up
from plugins.group_buy.queries import campaigns_by_ids, prices_of, team_by_code, teams_by_ids
from plugins.group_buy.reasons import why_not
from plugins.group_buy.rows import TeamRow, Wish
from plugins.group_buy.rules import GroupBuyRules

MARK = """
INSERT INTO group_buy_wish (tenant_id, cart_id, campaign_id, team_id, size, member_id) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, cart_id) DO UPDATE
SET campaign_id = excluded.campaign_id, team_id = excluded.team_id, size = excluded.size, member_id = excluded.member_id
"""
UNMARK = "DELETE FROM group_buy_wish WHERE tenant_id = $1 AND cart_id = $2"


async def open_team(work: Work, cart_id: UUID | None, campaign_id: UUID | None, size: int | None) -> UUID:
    """Mark a cart as the first order of a team of that size, or of the smallest there is; returns the cart's id."""
    cart = await carts.changeable(work, cart_id)
    campaign = (await campaigns_by_ids(work, [campaign_id]))[0] if campaign_id is not None else None
    if campaign is None or not campaign.begun:
        raise NotFound(what="group purchase", path=("input", "campaignId"))
    sizes = sorted({price.size for price in (await prices_of(work, [campaign.id]))[0]})
    if size is not None and size not in sizes:
        said = ", ".join(map(str, sizes))
        raise Invalid(reason=f"Teams here are of {said} members.", path=("input", "size"))
    return await _mark(work, cart, campaign.id, None, size or sizes[0])


async def join_team(work: Work, cart_id: UUID | None, team: TeamRow | None, path: Sequence[str]) -> UUID:
    """Mark a cart as an order of that team; returns the cart's id."""
    cart = await carts.changeable(work, cart_id)
    if team is None:
        raise NotFound(what="team", path=("input", *path))
    return await _mark(work, cart, team.campaign_id, team.id, team.size)


async def find_team(work: Work, *, team_id: UUID | None, code: str | None) -> TeamRow | None:
    """A team by its id or by the code that somebody has shared."""
    if code is not None:
        return await team_by_code(work, code)
    return (await teams_by_ids(work, [team_id]))[0] if team_id is not None else None


async def unmark(work: Work, cart_id: UUID | None) -> UUID:
    """Buy a cart alone again, at the store's price; returns its id."""
    cart = await carts.changeable(work, cart_id)
    if await work.execute(UNMARK, cart.id):
        await carts.touch(work, cart.id)
    return cart.id


async def _mark(work: Work, cart: CartRow, campaign_id: UUID, team_id: UUID | None, size: int) -> UUID:
    member_id = work.actor.id
    assert member_id is not None, "a member asks"
    ask = Ask(Wish(cart.id, campaign_id, team_id, size, member_id), cart.basket, member_id)
    refusal = why_not(await look_up(work, [ask]), ask, work.rules(GroupBuyRules, cart.store_id))
    if refusal is not None:
        raise refusal
    await work.execute(MARK, cart.id, campaign_id, team_id, size, member_id)
    await carts.mark(work, cart.id, "group_buy")  # it costs something else now
    return cart.id
