"""How each mutation of staff succeeds and is refused, for the test that looks into the log."""

from typing import Any

from tests.schema.auditing import Case, Input, Making, Stage, plain
from tests.schema.shop import PHONE, done

TERMS = {"kind": "AMOUNT", "amount": "1", "channel": "COUNTER"}
PLAN = {"name": "One off", "audience": "STAFF", "terms": TERMS, "validDays": 7}
MEMBER = "{ viewer { ... on Member { id } } }"
MINE = "{ couponsMine { nodes { id code } } }"


async def campaign(stage: Stage, audience: str = "STAFF") -> Input:
    wish = {"plan": PLAN | {"audience": audience}}
    made = done(await stage.actor.do("couponsCampaignCreate", wish, "campaign { id }"), "campaign")
    return {"campaignId": made["id"]}


async def coupon(stage: Stage) -> dict[str, str]:
    """A member's, as its holder sees it."""
    holder, claimed = await stage.guest.member(PHONE), await campaign(stage, "PUBLIC")
    done(await holder.do("couponsClaim", claimed | {"idempotencyKey": "1"}, "coupon { id }"), "coupon")
    found: dict[str, str] = (await holder.run(MINE))["couponsMine"]["nodes"][0]
    return found


def of_campaign(audience: str = "STAFF", **given: Any) -> Making:
    async def make(stage: Stage) -> Input:
        return await campaign(stage, audience) | given

    return make


async def granted(stage: Stage) -> Input:
    member = (await (await stage.guest.member(PHONE)).run(MEMBER))["viewer"]["id"]
    return await campaign(stage) | {"memberIds": [member], "idempotencyKey": "1"}


async def revoked(stage: Stage) -> Input:
    return {"couponId": (await coupon(stage))["id"], "reason": "a mistake"}


async def verified(stage: Stage) -> Input:
    return {"code": (await coupon(stage))["code"], "storeId": stage.world.stores["S1"], "idempotencyKey": "1"}


NOBODYS = {"campaignId": "x"}
CASES = {
    "couponsCampaignCreate": plain({"plan": PLAN}, plan=PLAN | {"validDays": 0}),
    "couponsCampaignUpdate": Case(of_campaign(plan=PLAN | {"name": "Another"}), NOBODYS),
    "couponsCampaignEnd": Case(of_campaign(), NOBODYS),
    "couponsWordAdd": Case(of_campaign("CODE", word="SPRING"), {"word": "x"}),
    "couponsCodesPrint": Case(of_campaign("CODE", count=2, idempotencyKey="1"), {"count": 0}),
    "couponsGrant": Case(granted, {"memberIds": []}),
    "couponsRevoke": Case(revoked, {"couponId": "x"}),
    "couponsVerify": Case(verified, {"storeId": "x"}),
}
