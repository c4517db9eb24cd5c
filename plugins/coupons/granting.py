"""What staff do with coupons of members: giving them in bulk, and withdrawing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import audit, idempotency, members
from core.errors import Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.work import Work
from plugins.coupons import permissions, queries
from plugins.coupons.errors import CouponsNotUsable
from plugins.coupons.issuing import Occasion, campaign_for, issue

MOST = 1_000  #: members in one grant

GRANTED = """
SELECT member_id FROM coupons_coupon
WHERE tenant_id = $1 AND campaign_id = $2 AND occasion_id = $3 AND member_id = any($4::uuid[])
"""
REVOKE = """
UPDATE coupons_coupon SET state = 'REVOKED' WHERE tenant_id = $1 AND id = $2
AND (state = 'UNUSED' OR (state = 'GIVEN' AND gift_taken_at IS NULL))
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """Who got a coupon, and who did not: nobody you know, or somebody who has had as many as one may."""

    campaign_id: UUID
    granted: set[UUID]
    unknown: list[UUID]
    full: list[UUID]


async def grant(work: Work, campaign_id: UUID | None, member_ids: Sequence[UUID], *, key: str) -> Grant:
    """Give coupons to members, to all who can have one; where they do not suffice for these, to none."""
    wanted = list(dict.fromkeys(member_ids))
    if not 1 <= len(wanted) <= MOST:
        raise Invalid(reason=f"A grant is for 1 to {MOST} members.", path=("input", "memberIds"))
    campaign = await campaign_for(work, campaign_id, audiences=["STAFF", "PUBLIC", "CODE"])
    request = Request("couponsGrant", work.actor.label, key, [str(campaign.id), sorted(map(str, wanted))])
    known = await _known(work, wanted)

    async def perform(grant_id: UUID) -> None:
        if not known:
            raise NotFound(what="member", path=("input", "memberIds"))
        made = {member_id: new_id() for member_id in known}
        got = await issue(work, campaign, made, Occasion("GRANT", grant_id))
        facts = {"grant": grant_id, "wanted": len(wanted), "granted": len(got)}
        await audit.record(work, "coupons.granted", "CouponsCampaign", campaign.id, after=facts)

    grant_id = await idempotency.once(work, request, new_id(), perform)
    granted = {row["member_id"] for row in await work.fetch(GRANTED, campaign.id, grant_id, wanted)}
    full = [member_id for member_id in wanted if member_id in known and member_id not in granted]
    unknown = [member_id for member_id in wanted if member_id not in known and member_id not in granted]
    return Grant(campaign.id, granted, unknown, full)


async def revoke(work: Work, coupon_id: UUID | None, reason: str) -> UUID:
    """Withdraw a coupon that nobody has used."""
    coupon = (await queries.visible(work, [coupon_id]))[0] if coupon_id is not None else None
    if coupon is None or coupon.member_id not in await members.within_reach(
        work, permissions.GRANT, [coupon.member_id]
    ):
        raise NotFound(what="coupon", path=("input", "couponId"))
    if not await work.execute(REVOKE, coupon.id):
        raise CouponsNotUsable(reason=f"It is {coupon.state} already.", path=("input", "couponId"))
    before, after = {"state": coupon.state}, {"state": "REVOKED", "reason": reason}
    await audit.record(work, "coupons.revoked", "CouponsCoupon", coupon.id, before=before, after=after)
    return coupon.id


async def _known(work: Work, member_ids: Sequence[UUID]) -> set[UUID]:
    """Those of them who are members, and in the actor's reach."""
    reach = await members.within_reach(work, permissions.GRANT, member_ids)
    return {row.id for row in await members.visible(work, sorted(reach)) if row is not None}
