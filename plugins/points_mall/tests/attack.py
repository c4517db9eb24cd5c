"""The plugin's part of the attack: what its calls are given, and what has to be there before they mean something."""

import secrets
from typing import Any

from core import ledger
from core.actors import system
from core.ids import new_id
from core.ledger import Key, Own, Transfer, Unit
from hexmart.testing import Client
from schema.relay import key_or_nothing
from tests.schema.shop import done
from tests.security.attack.sides import Scene, Side, Things
from tests.security.attack.sources import CURSOR, KEY, STORE, VARIANT, Of, Omitted

OFFER, PLANNED = Of("points_mall.offer"), Of("points_mall.offer.planned")
REDEMPTION, SERVICE = Of("points_mall.redemption"), Of("points_mall.service")
PLENTY = 10**8  #: points of the member's
WHO = "{ viewer { ... on Member { id } } }"

NODES = {"PointsMallOffer": OFFER, "PointsMallRedemption": REDEMPTION}
SOURCES = {
    "Query.pointsMallOffers": {"first": 5, "after": CURSOR, "kind": "GOODS", "storeId": STORE},
    "Query.pointsMallCatalogue": {"first": 5, "after": CURSOR},
    "Query.pointsMallMine": {"first": 5, "after": CURSOR},
    "PointsMallRedeemInput": {"offerId": OFFER, "quantity": 1, "storeId": STORE, "idempotencyKey": KEY},
    "PointsMallDeliveryInput": {},
    "PointsMallCancelInput": {"redemptionId": SERVICE},
    "PointsMallOfferSaveInput": {
        "offerId": PLANNED,
        "kind": "GOODS",
        "name": "Tea for points",
        "points": 10,
        "cash": "1",
        "variantId": VARIANT,
        "rewardId": Omitted("it is of another kind"),
        "validDays": Omitted("it is of another kind"),
        "stock": 1_000,
        "perMember": 100,
        "perDay": 50,
        "startsAt": "2026-01-01T00:00:00Z",
        "endsAt": "2990-01-01T00:00:00Z",
        "storeIds": [STORE],
        "tiers": ["gold"],
    },
    "PointsMallOfferEndInput": {"offerId": PLANNED},
}
#: the desk takes what core has issued, and this
VARIATIONS = {
    "verify": {"an appointment": {"input": {"code": Of("points_mall.code")}}},
    "pointsMallOfferSave": {
        "of coupons": {
            "input": {
                "offerId": None,
                "kind": "COUPON",
                "cash": None,
                "variantId": None,
                "rewardId": Of("coupons.campaign.offered"),
            }
        }
    },
}
PASSING = {("PointsMallRedemption", "code"), ("Member", "addresses")}
#: within a brand offers are everybody's, and a code is good for whoever has it
PUBLIC = (
    ("*", "*=points_mall.offer*"),
    ("verify(an appointment)", "*=points_mall.code"),
    ("pointsMallOffers", "after=cursor"),
    ("pointsMallOffers", "storeId=*"),
    ("pointsMallCatalogue", "after=cursor"),
)


async def furnish(side: Side) -> Things:
    """Goods for points, and a service."""
    stores = [side.world.stores[code] for code in ("S1", "S2", "S3")]
    tea = {"kind": "GOODS", "variantId": side.standing["variant"], "storeIds": stores}
    goods, _ = [await _offer(side, name=side.mark, **tea) for _ in range(2)]  # so that there is a second page
    service = await _offer(side, kind="SERVICE", validDays=30, name=side.mark)
    return {OFFER.kind: goods, "points_mall.offer.service": service}


async def equip(side: Side) -> Things:
    """A member with points, who has had goods for some."""
    member = side.callers["member"]
    holder = key_or_nothing("Member", (await member.run(WHO))["viewer"]["id"])
    key = Key("test.earned", str(new_id()))
    earned = Transfer(key=key, unit=Unit.POINTS, amount=PLENTY, giver=Own.ISSUED, taker=holder)
    async with member.application.platform.open_work(side.world.tenant, system("test")) as work:
        await ledger.post(work, [earned])
    had, _ = [await _redeemed(side, member, side.standing[OFFER.kind]) for _ in range(2)]
    return {REDEMPTION.kind: had["id"]}


async def waiting(side: Side, _: str) -> Things:
    """A service of the member's that nobody has used."""
    made = await _redeemed(side, side.callers["member"], side.standing["points_mall.offer.service"])
    return {SERVICE.kind: made["id"], "points_mall.code": made["code"]}


async def planned(side: Side, _: str) -> Things:
    """An offer of the store that nobody has had anything of."""
    variant = side.standing["variant"]
    return {PLANNED.kind: await _offer(side, kind="GOODS", variantId=variant, storeIds=[side.store_id])}


async def _offer(side: Side, **wish: Any) -> str:
    asked = {"name": "For points", "points": 10} | wish
    made = await side.callers["owner"].do("pointsMallOfferSave", asked, "offer { id }")
    return str(done(made, "offer")["id"])


async def _redeemed(side: Side, member: Client, offer_id: str) -> dict[str, str]:
    wish = {"offerId": offer_id, "quantity": 1, "storeId": side.store_id, "idempotencyKey": secrets.token_hex(8)}
    made: dict[str, str] = done(await member.do("pointsMallRedeem", wish, "redemption { id code }"), "redemption")
    return made


SCENES = {
    "pointsMallCancel": (service := Scene(waiting)),
    "verify(an appointment)": service,
    "pointsMallOfferSave": (fresh := Scene(planned)),
    "pointsMallOfferEnd": fresh,
}
