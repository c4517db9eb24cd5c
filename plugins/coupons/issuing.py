"""Giving out coupons: the one way, for one as for a thousand, in three statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from core.errors import NotFound
from core.work import Work
from plugins.coupons import codes, queries
from plugins.coupons.errors import CouponsLimitReached, CouponsNotOffered, CouponsSoldOut
from plugins.coupons.rows import CampaignRow

# Members in order, so that two who give to the same ones do not wait for each other in a circle.
HOLD = """
INSERT INTO coupons_holding (tenant_id, campaign_id, member_id, claimed)
SELECT $1, $2, m.id, 1 FROM unnest($3::uuid[]) AS m(id) ORDER BY m.id
ON CONFLICT (tenant_id, campaign_id, member_id) DO UPDATE SET claimed = coupons_holding.claimed + 1
WHERE coupons_holding.claimed < $4 RETURNING member_id
"""
TAKE = f"""
UPDATE coupons_campaign c SET issued = c.issued + $3
WHERE c.tenant_id = $1 AND c.id = $2 AND {queries.OPEN} AND (c.total IS NULL OR c.issued + $3 <= c.total)
RETURNING {queries.CAMPAIGN}
"""
ISSUE = """
INSERT INTO coupons_coupon (tenant_id, id, campaign_id, member_id, code_index, code, terms, origin, occasion_id,
    code_id, valid_from, valid_until, issued_at)
SELECT $1, n.id, $2, n.member_id, n.code_index, n.code, $7::text::jsonb, $8, $9, $10, $11, $12, $13
FROM unnest($3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[]) AS n(id, member_id, code_index, code)
"""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a coupon is given for; one that has an id gives each member no more than one."""

    origin: str  #: CLAIM, CODE, GRANT, WELCOME, SALE, PICKUP or REWARD
    id: UUID | None = None
    code_id: UUID | None = None


async def issue(work: Work, campaign: CampaignRow, wanted: Mapping[UUID, UUID], occasion: Occasion) -> set[UUID]:
    """Give members coupons under these ids; returns who got one, and leaves out who has had as many as one may.

    Never more than there are: where they do not suffice for all the others, it is refused.
    """
    admitted = {row["member_id"] for row in await work.fetch(HOLD, campaign.id, sorted(wanted), campaign.per_member)}
    if not admitted:
        return admitted
    taken = await work.row(CampaignRow, TAKE, campaign.id, len(admitted))
    if taken is None:
        raise await _refusal(work, campaign.id)
    await _write(work, taken, [(wanted[member_id], member_id) for member_id in sorted(admitted)], occasion)
    return admitted


async def issue_one(work: Work, campaign: CampaignRow, member_id: UUID, coupon_id: UUID, occasion: Occasion) -> None:
    """Give one member a coupon, or say why not."""
    if not await issue(work, campaign, {member_id: coupon_id}, occasion):
        raise CouponsLimitReached


async def campaign_for(work: Work, campaign_id: UUID | None, *, audiences: Sequence[str]) -> CampaignRow:
    """The campaign, if it gives coupons to such an audience."""
    found = (await queries.campaigns_by_ids(work, [campaign_id]))[0] if campaign_id is not None else None
    if found is None or found.audience not in audiences:
        raise NotFound(what="campaign", path=("input", "campaignId"))
    return found


async def _refusal(work: Work, campaign_id: UUID) -> CouponsNotOffered | CouponsSoldOut:
    """Why there was nothing to take."""
    campaign = (await queries.campaigns_by_ids(work, [campaign_id]))[0]
    assert campaign is not None, "campaigns are never deleted"
    reason = campaign.why_not_offered
    return CouponsNotOffered(reason=reason) if reason else CouponsSoldOut(left=campaign.left)


async def _write(work: Work, campaign: CampaignRow, wanted: Sequence[tuple[UUID, UUID]], occasion: Occasion) -> None:
    ids, holders = [coupon_id for coupon_id, _ in wanted], [member_id for _, member_id in wanted]
    made = [codes.new_code() for _ in wanted]
    await work.execute(
        ISSUE,
        campaign.id,
        ids,
        holders,
        [codes.index_of(work, code) for code in made],
        [codes.seal(work, code, "code", coupon_id) for code, coupon_id in zip(made, ids, strict=True)],
        campaign.stored_terms,
        occasion.origin,
        occasion.id,
        occasion.code_id,
        *validity(campaign),
        clock.now(),
    )


def validity(campaign: CampaignRow) -> tuple[datetime, datetime]:
    """From when until when a coupon that is given now can be used."""
    now = clock.now()
    if campaign.valid_until is not None:
        return campaign.valid_from or now, campaign.valid_until
    begins = now + timedelta(days=campaign.delay_days)
    return begins, begins + timedelta(days=campaign.valid_days or 0)
