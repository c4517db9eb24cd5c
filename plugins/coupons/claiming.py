"""How members come by coupons of their own accord: by claiming one, or by a code."""

from dataclasses import dataclass
from uuid import UUID

from core import idempotency
from core.idempotency import Request
from core.ids import as_read, new_id
from core.verification import CodeUnknown
from core.work import Work
from plugins.coupons import codes, queries
from plugins.coupons.issuing import Occasion, campaign_for, issue_one

FIND = "SELECT id, campaign_id, batch_id, claimed_at FROM coupons_code WHERE tenant_id = $1 AND code_index = $2"
USE_UP = """
UPDATE coupons_code SET claimed_at = app_now()
WHERE tenant_id = $1 AND id = $2 AND batch_id IS NOT NULL AND claimed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A word of a campaign, or one of its printed codes."""

    id: UUID
    campaign_id: UUID
    batch_id: UUID | None
    claimed_at: object


async def claim(work: Work, member_id: UUID, campaign_id: UUID | None, *, key: str) -> UUID:
    """Give the member a coupon that the public may claim; the same key gives the same coupon."""
    request = Request("couponsClaim", work.actor.label, key, [str(campaign_id)])

    async def perform(coupon_id: UUID) -> None:
        campaign = await campaign_for(work, campaign_id, audiences=["PUBLIC"])
        await issue_one(work, campaign, member_id, coupon_id, Occasion("CLAIM"))

    return await idempotency.once(work, request, new_id(), perform)


async def claim_code(work: Work, member_id: UUID, written: str, *, key: str) -> UUID:
    """Turn a code into a coupon of the member's."""
    request = Request("couponsClaimCode", work.actor.label, key, [as_read(written)])

    async def perform(coupon_id: UUID) -> None:
        code = await find(work, written)
        if code is None:
            raise CodeUnknown(path=("input", "code"))
        await turn_into_coupon(work, code, member_id, coupon_id)

    return await idempotency.once(work, request, new_id(), perform)


async def find(work: Work, written: str) -> CodeRow | None:
    """The code, if it is a word of a campaign or a printed one."""
    return await work.row(CodeRow, FIND, codes.index_of(work, written))


async def turn_into_coupon(work: Work, code: CodeRow, member_id: UUID, coupon_id: UUID) -> None:
    """Give the member the coupon of a code; a printed one is used up by that, and nobody gets it twice."""
    if code.batch_id is not None and not await work.execute(USE_UP, code.id):
        raise CodeUnknown(path=("input", "code"))
    campaign = (await queries.campaigns_by_ids(work, [code.campaign_id]))[0]
    assert campaign is not None, "a code without its campaign"
    await issue_one(work, campaign, member_id, coupon_id, Occasion("CODE", code_id=code.id))
