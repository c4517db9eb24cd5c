"""The plugin's part of the attack: what its calls are given, and what has to be there before they mean something."""

import secrets
from dataclasses import replace
from typing import Any

from hexmart.testing import Client
from hexmart.worker import Worker
from tests.schema.shop import done, fill, pay, place
from tests.security.attack.furnishing import TEA, new_phone
from tests.security.attack.sides import CALLER, Scene, Side, Things
from tests.security.attack.sources import CURSOR, KEY, STORE, Of, Omitted

CAMPAIGN, OFFERED, CODED = (Of(f"coupons.campaign{kind}") for kind in ("", ".offered", ".coded"))
PLENTY = 1_000  #: coupons that one member may have of a campaign
TERMS = {"kind": "AMOUNT", "amount": "1", "channel": "ANYWHERE", "stackable": True, "givable": True}

MADE_UP = {"coupons.word.new": "{letters}"}
NODES = {"CouponsCampaign": OFFERED, "CouponsCoupon": (COUPON := Of("coupons.coupon.used"))}
SOURCES = {
    "Query.couponsCampaigns": {"first": 5, "after": CURSOR},
    "Query.couponsCampaign": {"id": OFFERED},
    "Query.couponsMine": {"first": 5, "after": CURSOR},
    "Member.coupons": {"first": 5, "after": Of("coupons.cursor")},
    "CouponsClaimInput": {"campaignId": OFFERED, "idempotencyKey": KEY},
    "CouponsClaimCodeInput": {"code": Of("coupons.word"), "idempotencyKey": KEY},
    "CouponsGiveInput": {"couponId": (unused := Of("coupons.coupon")), "idempotencyKey": KEY},
    "CouponsTakeBackInput": {"couponId": Of("coupons.coupon.given")},
    "CouponsTakeInput": {"code": Of("coupons.gift"), "idempotencyKey": KEY},
    "CouponsPlanInput": {
        "name": "Off",
        "audience": "STAFF",
        "total": PLENTY,
        "perMember": 2,
        "claimFrom": "2026-01-01T00:00:00Z",
        "claimUntil": "2990-01-01T00:00:00Z",
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2990-01-01T00:00:00Z",
        "validDays": Omitted("it is until when, or for how many days"),
        "delayDays": 0,
    },
    "CouponsTermsInput": TERMS
    | {
        "kind": "PERCENT",
        "amount": Omitted("it is of another kind"),
        "percent": "10",
        "atMost": "5",
        "minimum": "1",
        "productIds": [Of("product")],
        "categoryIds": [Of("category")],
        "storeIds": [STORE],
        "fulfilments": ["PICKUP"],
        "tiers": ["gold"],
    },
    "CouponsCampaignUpdateInput": {"campaignId": CAMPAIGN},
    "CouponsCampaignEndInput": {"campaignId": CAMPAIGN},
    "CouponsWordAddInput": {"campaignId": CODED, "word": Of("coupons.word.new")},
    "CouponsCodesPrintInput": {"campaignId": CODED, "count": 2, "idempotencyKey": KEY},
    "CouponsGrantInput": {"campaignId": OFFERED, "memberIds": [Of("member")], "idempotencyKey": KEY},
    "CouponsRevokeInput": {"couponId": unused, "reason": "a mistake"},
    "CouponsVerifyInput": {"code": Of("coupons.code"), "storeId": STORE, "spend": "50", "idempotencyKey": KEY},
}
#: the desk takes what core has issued, and this
VARIATIONS = {"verify": {"a coupon": {"input": {"code": Of("coupons.code")}}}}
PASSING = {("CouponsCoupon", "code"), ("CouponsCoupon", "giftCode"), ("CouponsCampaign", "words")}
#: within a brand campaigns are everybody's, and a code is good for whoever has it
PUBLIC = (
    ("*", "*=coupons.word*"),
    ("couponsTake", "*=coupons.gift"),
    ("couponsVerify", "*=coupons.code"),
    ("verify(a coupon)", "*=coupons.code"),
    ("couponsCampaigns", "after=cursor"),
)


async def furnish(side: Side) -> Things:
    """Campaigns of every kind that calls name, with something at the end of each edge."""
    mark, scope = side.standing["word"], _scope(side)
    offered = await _campaign(side, "PUBLIC", TERMS | scope, name=mark)
    await _campaign(side, "PUBLIC", TERMS | scope | {"kind": "PERCENT", "percent": "5", "amount": None, "atMost": "5"})
    coded = await _campaign(side, "CODE", TERMS, name=mark)
    word = secrets.token_hex(8)
    wish = {"campaignId": coded, "word": word}
    done(await side.callers["owner"].do("couponsWordAdd", wish, "campaign { id }"), "campaign")
    return {OFFERED.kind: offered, CODED.kind: coded, "coupons.word": word}


async def equip(side: Side) -> Things:
    """Coupons of the member: one in an order that is paid, and some more."""
    member, (used, *_) = side.callers["member"], [await _claimed(side) for _ in range(3)]
    cart = await fill(member, side.world, {TEA: 2}, side.store)
    done(await member.do("cartCodeApply", {"cartId": cart["id"], "code": used["code"]}, "cart { id }"), "cart")
    await pay(member, await place(member, cart))
    await Worker(member.application.platform).deliver(side.world.tenant)
    page = (await member.run("{ couponsMine(first: 1) { pageInfo { endCursor } } }"))["couponsMine"]["pageInfo"]
    return {COUPON.kind: used["id"], "coupons.cursor": page["endCursor"]}


async def held(side: Side, _: str) -> Things:
    """A coupon that its holder has not used."""
    coupon = await _claimed(side)
    return {unused.kind: coupon["id"], "coupons.code": coupon["code"]}


async def laid_by(side: Side, _: str) -> Things:
    """A coupon that waits for somebody to come."""
    return {"coupons.coupon.given": (await _given(side, side.callers["member"]))["id"]}


async def newcomer(side: Side, caller: str) -> Things:
    """A member who has tried no code yet: whoever tries many that nobody knows is kept waiting."""
    return {CALLER: await _somebody(side)} if caller == "member" else {}


async def offered_by_a_friend(side: Side, caller: str) -> Things:
    """The gift code of somebody else's coupon, and such a member."""
    given = await _given(side, await _somebody(side))
    return {"coupons.gift": given["giftCode"]} | await newcomer(side, caller)


async def begun(side: Side, _: str) -> Things:
    """A campaign of which nobody has a coupon."""
    return {CAMPAIGN.kind: await _campaign(side, "STAFF", TERMS)}


async def _somebody(side: Side) -> Client:
    return await replace(side.callers["guest"], token=None).member(new_phone())


async def _given(side: Side, holder: Client) -> dict[str, str]:
    wish = {"couponId": (await _claimed(side, holder))["id"], "idempotencyKey": secrets.token_hex(8)}
    made: dict[str, str] = done(await holder.do("couponsGive", wish, "coupon { id giftCode }"), "coupon")
    return made


async def _claimed(side: Side, holder: Client | None = None) -> dict[str, str]:
    wish = {"campaignId": side.standing[OFFERED.kind], "idempotencyKey": secrets.token_hex(8)}
    member = holder or side.callers["member"]
    made: dict[str, str] = done(await member.do("couponsClaim", wish, "coupon { id code }"), "coupon")
    return made


async def _campaign(side: Side, audience: str, terms: dict[str, Any], name: str = "Off") -> str:
    plan = {"name": name, "audience": audience, "terms": terms, "perMember": PLENTY, "validDays": 90}
    made = await side.callers["owner"].do("couponsCampaignCreate", {"plan": plan}, "campaign { id }")
    return str(done(made, "campaign")["id"])


def _scope(side: Side) -> dict[str, Any]:
    """For some goods in some stores, those of the attack among them."""
    stores = [side.world.stores[code] for code in ("S1", "S2", "S3")]
    return {
        "productIds": [side.standing["product"]],
        "categoryIds": [side.standing["category"]],
        "storeIds": stores,
    }


SCENES = {
    "couponsGive": (mine := Scene(held)),
    "couponsTakeBack": Scene(laid_by),
    "couponsClaim": (new := Scene(newcomer, personal=True)),
    "couponsClaimCode": new,
    "couponsTake": Scene(offered_by_a_friend, personal=True),
    "couponsCampaignUpdate": (fresh := Scene(begun)),
    "couponsCampaignEnd": fresh,
    "couponsRevoke": mine,
    "couponsVerify": mine,
    "verify(a coupon)": mine,
}
