"""What staff do with campaigns; each reaches every store, so it takes a permission for the whole brand."""

from uuid import UUID

import strawberry
from strawberry import ID

from core.errors import Forbidden
from core.work import Work
from plugins.coupons import campaigns, permissions, printing, queries
from plugins.coupons.rows import CampaignRow
from plugins.coupons.schema.campaigns import CouponsCampaign
from plugins.coupons.schema.drafts import CouponsPlanInput, plan_of
from schema import relay
from schema.fields import field, mutation
from schema.payloads import Done, Payload, Remark


@strawberry.type(description="The campaign, or why nothing was done.")
class CouponsCampaignPayload(Payload):
    campaign: CouponsCampaign | None = field("The campaign as it is now.")


@strawberry.type(description="Printed codes, or why there are none.")
class CouponsCodesPayload(Payload):
    campaign: CouponsCampaign | None = field("The campaign as it is now.")
    codes: list[str] | None = field("The codes, shown this once; null where they were shown before.")


@strawberry.input(description="A new campaign.")
class CouponsCampaignCreateInput:
    plan: CouponsPlanInput = field("What it is to be like.")


@strawberry.input(description="Another plan for a campaign.")
class CouponsCampaignUpdateInput:
    campaign_id: ID = field("The campaign.")
    plan: CouponsPlanInput = field("The whole of it; coupons that members have stay as they were promised.")


@strawberry.input(description="A campaign that is over.")
class CouponsCampaignEndInput:
    campaign_id: ID = field("The campaign.")


@strawberry.input(description="A word that everybody may claim a coupon by.")
class CouponsWordAddInput:
    campaign_id: ID = field("The campaign, for whoever has a code.")
    word: str = field("4 to 32 letters and digits; large or small makes no difference.")


@strawberry.input(description="Codes to be printed.")
class CouponsCodesPrintInput:
    campaign_id: ID = field("The campaign, for whoever has a code.")
    count: int = field("How many, at most 5000.")
    idempotency_key: str = field("The same key makes no more codes.")


@mutation(CouponsCampaignPayload, access=permissions.MANAGE)
async def coupons_campaign_create(work: Work, input: CouponsCampaignCreateInput) -> CampaignRow | None:
    """Begin a campaign."""
    _require_whole_brand(work)
    return await _shown(work, await campaigns.create(work, await plan_of(work, input.plan)))


@mutation(CouponsCampaignPayload, access=permissions.MANAGE)
async def coupons_campaign_update(work: Work, input: CouponsCampaignUpdateInput) -> CampaignRow | None:
    """Change a campaign for whoever gets a coupon from now on."""
    _require_whole_brand(work)
    plan = await plan_of(work, input.plan)
    return await _shown(work, await campaigns.change(work, _key(input.campaign_id), plan))


@mutation(CouponsCampaignPayload, access=permissions.MANAGE)
async def coupons_campaign_end(work: Work, input: CouponsCampaignEndInput) -> CampaignRow | None:
    """Give out no more coupons of a campaign; those that members have stay good."""
    _require_whole_brand(work)
    return await _shown(work, await campaigns.end(work, _key(input.campaign_id)))


@mutation(CouponsCampaignPayload, access=permissions.MANAGE)
async def coupons_word_add(work: Work, input: CouponsWordAddInput) -> CampaignRow | None:
    """Let everybody who knows a word claim a coupon by it, as often as one member may."""
    _require_whole_brand(work)
    return await _shown(work, await printing.add_word(work, _key(input.campaign_id), input.word))


@mutation(CouponsCodesPayload, access=permissions.MANAGE, cost=100)
async def coupons_codes_print(work: Work, input: CouponsCodesPrintInput) -> Done:
    """Make codes to be printed, each good for one coupon; they are shown this once and known to nobody after it."""
    _require_whole_brand(work)
    batch = await printing.print_codes(work, _key(input.campaign_id), input.count, key=input.idempotency_key)
    remarks = [] if batch.codes else [Remark("ALREADY_DONE", "These codes were shown before.", input.campaign_id)]
    return Done(await _shown(work, batch.campaign_id), remarks, {"codes": batch.codes})


def _require_whole_brand(work: Work) -> None:
    if work.actor.stores(permissions.MANAGE.name) is not None:
        raise Forbidden(permission=permissions.MANAGE.name)


def _key(value: str) -> UUID | None:
    return relay.key_of("CouponsCampaign", value)


async def _shown(work: Work, campaign_id: UUID) -> CampaignRow | None:
    return (await queries.campaigns_by_ids(work, [campaign_id]))[0]
