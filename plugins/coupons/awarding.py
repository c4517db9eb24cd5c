"""Coupons that other plugins give: whoever earns one there is given it here."""

from uuid import UUID

from core.ids import new_id
from core.rewards import Reward
from core.work import Work
from plugins.coupons import queries
from plugins.coupons.issuing import Occasion, issue_one
from plugins.coupons.permissions import GRANT
from plugins.coupons.rows import ACTIVE, CampaignRow

KIND = "CouponsCampaign"
AUDIENCES = frozenset({"STAFF", "PUBLIC", "CODE"})  #: the others give their coupons by themselves


async def name(work: Work, reward: Reward) -> str | None:
    """What the coupons of a campaign are called, while it gives any, for whoever may give them."""
    campaign = await _campaign(work, reward) if work.actor.may(GRANT.name) else None
    return campaign.terms.label if campaign is not None and campaign.state == ACTIVE else None


async def issue(work: Work, reward: Reward, member_id: UUID, occasion_id: UUID) -> str | None:
    """Give the member a coupon of the campaign, or say why not."""
    campaign = await _campaign(work, reward)
    if campaign is None:
        return None
    await issue_one(work, campaign, member_id, new_id(), Occasion("REWARD", occasion_id))
    return campaign.terms.label


async def _campaign(work: Work, reward: Reward) -> CampaignRow | None:
    if reward.kind != KIND:
        return None
    found = (await queries.campaigns_by_ids(work, [reward.subject_id]))[0]
    return found if found is not None and found.audience in AUDIENCES else None
