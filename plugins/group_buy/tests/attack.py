"""The plugin's part of the attack: what its calls are given, and what has to be there before they mean something."""

from dataclasses import replace
from typing import Any

from hexmart.testing import Client
from hexmart.worker import Worker
from tests.schema.shop import Payload, done, fill, pay, place
from tests.security.attack.furnishing import GOODS, TEA, new_phone
from tests.security.attack.scenes import FULL_CART, open_cart
from tests.security.attack.sides import Scene, Side, Things
from tests.security.attack.sources import CART, CURSOR, STORE, VARIANT, Of

CAMPAIGN, TEAM = Of("group_buy.campaign"), Of("group_buy.team")
PLANNED = Of("group_buy.campaign.planned")
LARGE = 100  #: so that a team never fills up
TIME = {"startsAt": "2026-01-01T00:00:00Z", "endsAt": "2990-01-01T00:00:00Z", "hours": 720}
TEAM_OF = "query($id: ID!) { order(id: $id) { groupBuyTeam { id code } } }"

NODES = {"GroupBuyCampaign": CAMPAIGN, "GroupBuyTeam": TEAM}
SOURCES = {
    "Query.groupBuyCampaign": {"id": CAMPAIGN},
    "Query.groupBuyTeam": {"id": TEAM, "code": (code := Of("group_buy.team.code"))},
    "Query.groupBuyCampaigns": {"first": 5, "after": CURSOR},
    "Product.groupBuyCampaigns": {"storeId": STORE},
    "ProductVariant.groupBuyPrice": {"storeId": STORE},
    "GroupBuyCampaign.openTeams": {"storeId": STORE, "first": 5},
    "GroupBuyOpenInput": {"cartId": CART, "campaignId": CAMPAIGN, "size": LARGE},
    "GroupBuyJoinInput": {"cartId": CART},
    "GroupBuyTeamInput": {"id": TEAM, "code": code},
    "GroupBuyLeaveInput": {"cartId": CART},
    "GroupBuyPriceInput": {"variantId": VARIANT, "size": 2, "price": "9.90", "leaderPrice": "9.80"},
    "GroupBuyCampaignCreateInput": TIME
    | {
        "productId": Of("product"),
        "name": "Together",
        "ordersPerMember": 5,
        "quantityPerOrder": 9,
        "stock": 1_000,
        "newMembersOnly": False,
        "perStore": False,
        "storeIds": [STORE],
        "regionIds": [Of("region")],
        "active": False,  # else it would be in the way of the next
    },
    "GroupBuyCampaignUpdateInput": {
        "campaignId": PLANNED,
        "name": "Still together",
        "active": False,
        "endsAt": "2991-01-01T00:00:00Z",
        "hours": 48,
        "ordersPerMember": 6,
        "quantityPerOrder": 8,
        "stock": 2_000,
    },
    "GroupBuyCampaignEndInput": {"campaignId": PLANNED},
}
ALTERNATIVES = {
    "Query.groupBuyTeam": ("id", "code"),
    "GroupBuyTeamInput": ("id", "code"),
    "GroupBuyCampaignCreateInput": ("storeIds", "regionIds"),
}

VARIATIONS = {"order": {"in a team": {"id": Of("group_buy.order")}}}


async def furnish(side: Side) -> Things:
    """A campaign that is on, and two teams that wait for many more."""
    reach = {"storeIds": [side.world.stores[one] for one in ("S1", "S3")], "regionIds": [side.standing["region"]]}
    wish = await _wish(side, TEA, name=side.standing["word"], **reach)
    campaign = done(await side.callers["owner"].do("groupBuyCampaignCreate", wish, "campaign { id }"), "campaign")
    leader = await replace(side.callers["guest"], token=None).member(new_phone())
    asked = {"campaignId": campaign["id"], "size": LARGE}
    orders = [await _bought(side, leader, "groupBuyOpen", asked) for _ in range(2)]
    await Worker(leader.application.platform).deliver(side.world.tenant)
    joined, team = [(await leader.run(TEAM_OF, id=one["id"]))["order"]["groupBuyTeam"] for one in orders]
    found = {TEAM.kind: team["id"], code.kind: team["code"], "group_buy.team.joined": joined["id"]}
    return {CAMPAIGN.kind: campaign["id"]} | found


async def equip(side: Side) -> Things:
    """A place of the member in one of the teams, and a campaign of the store that nobody has heard of yet."""
    member, wish = side.callers["member"], {"team": {"id": side.standing["group_buy.team.joined"]}}
    order = await _bought(side, member, "groupBuyJoin", wish)
    await Worker(member.application.platform).deliver(side.world.tenant)
    secret = (await planned(side, "owner", name=side.mark))[PLANNED.kind]
    return {"group_buy.order": order["id"], "group_buy.campaign.secret": secret}


async def members_cart(side: Side, _: str) -> Things:
    """A cart of the member's, with what the campaign sells and nothing else."""
    return await open_cart(side, "member")


async def marked_cart(side: Side, caller: str) -> Things:
    """The same as the first order of a team."""
    things = await members_cart(side, caller)
    wish = {"cartId": things["cart"], "campaignId": side.standing[CAMPAIGN.kind]}
    done(await side.callers["member"].do("groupBuyOpen", wish, FULL_CART), "cart")
    return things


async def planned(side: Side, _: str, name: str = "Together") -> Things:
    """A campaign of one store that is not on."""
    wish = await _wish(side, GOODS[-1], name, active=False, storeIds=[side.store_id]) | {
        "startsAt": "2989-01-01T00:00:00Z"
    }
    made = await side.callers["owner"].do("groupBuyCampaignCreate", wish, "campaign { id }")
    return {PLANNED.kind: done(made, "campaign")["id"]}


async def _wish(side: Side, variant: str, name: str = "Together", **more: Any) -> dict[str, Any]:
    read = "query($id: ID) { variant(id: $id) { product { id } } }"
    key = side.world.variants[variant]
    product = (await side.callers["owner"].run(read, id=key))["variant"]["product"]
    prices = [{"variantId": key, "size": size, "price": "8.90", "leaderPrice": "7.90"} for size in (2, LARGE)]
    return TIME | {"productId": product["id"], "name": name, "prices": prices} | more


async def _bought(side: Side, member: Client, how: str, wish: dict[str, Any]) -> Payload:
    """A paid order that is a place in a team."""
    cart = await fill(member, side.world, {TEA: 1}, side.store)
    done(await member.do(how, {"cartId": cart["id"]} | wish, FULL_CART), "cart")
    return await pay(member, await place(member, cart))


#: within a brand a team is there to be joined by whoever finds it, and a campaign that has begun is everybody's
PUBLIC = (
    ("*", "*=group_buy.team*"),
    ("*", "*=group_buy.campaign"),
    ("*", "Product_groupBuyCampaigns_storeId=*"),
    ("*", "GroupBuyCampaign_openTeams_storeId=*"),
)
SCENES = {
    "groupBuyOpen": (cart := Scene(members_cart)),
    "groupBuyJoin": cart,
    "groupBuyLeave": Scene(marked_cart),
    "groupBuyCampaignUpdate": (one := Scene(planned)),
    "groupBuyCampaignEnd": one,
}
