"""What a shopper does: buy a cart with a team, open one, or buy it alone again."""

from uuid import UUID

import strawberry
from strawberry import ID

from core import carts
from core.carts import CartRow
from core.work import Work
from plugins.group_buy import asking
from schema import relay
from schema.carts import Cart
from schema.fields import MEMBER, field, mutation
from schema.payloads import Payload


@strawberry.type(description="The cart at its new price, or why it keeps the old one.")
class GroupBuyPayload(Payload):
    cart: Cart | None = field("The cart as it is now.")


@strawberry.input(description="A cart that is to open a team.")
class GroupBuyOpenInput:
    cart_id: ID = field("The cart; nothing else may be in it than what the campaign sells.")
    campaign_id: ID = field("The campaign.")
    size: int | None = strawberry.field(
        description="How many members it shall have; absent: the smallest size there is.", default=None
    )


@strawberry.input(description="A team to join: by its id, or by the code that somebody has shared.", one_of=True)
class GroupBuyTeamInput:
    id: ID | None = strawberry.field(description="Its id.", default=strawberry.UNSET)
    code: str | None = strawberry.field(description="Its code.", default=strawberry.UNSET)


@strawberry.input(description="A cart that is to be a place in a team.")
class GroupBuyJoinInput:
    cart_id: ID = field("The cart; nothing else may be in it than what the campaign sells.")
    team: GroupBuyTeamInput = field("The team.")


@strawberry.input(description="A cart that is to be bought alone.")
class GroupBuyLeaveInput:
    cart_id: ID = field("The cart.")


@mutation(GroupBuyPayload, access=MEMBER)
async def group_buy_open(work: Work, input: GroupBuyOpenInput) -> CartRow | None:
    """Buy a cart at a leader's price: its order opens a team, whose code can then be shared."""
    campaign_id = relay.key_of("GroupBuyCampaign", input.campaign_id)
    return await _shown(work, await asking.open_team(work, _cart_key(input.cart_id), campaign_id, input.size))


@mutation(GroupBuyPayload, access=MEMBER)
async def group_buy_join(work: Work, input: GroupBuyJoinInput) -> CartRow | None:
    """Buy a cart at a group's price: its order takes a place in the team, which is sure from then on."""
    code, key = input.team.code or None, relay.key_of("GroupBuyTeam", input.team.id or None)
    team = await asking.find_team(work, team_id=key, code=code)
    path = ("team", "code" if code is not None else "id")
    return await _shown(work, await asking.join_team(work, _cart_key(input.cart_id), team, path))


@mutation(GroupBuyPayload, access=MEMBER)
async def group_buy_leave(work: Work, input: GroupBuyLeaveInput) -> CartRow | None:
    """Buy a cart alone again, at the store's price; a place that was ordered is given back by orderCancel."""
    return await _shown(work, await asking.unmark(work, _cart_key(input.cart_id)))


async def _shown(work: Work, cart_id: UUID) -> CartRow | None:
    return (await carts.by_ids(work, [cart_id]))[0]


def _cart_key(value: str) -> UUID | None:
    return relay.key_of("Cart", value)
