"""A coupon goes from its holder to somebody else, by a code that is good once."""

from uuid import UUID

from core import clock, idempotency
from core.errors import NotFound
from core.idempotency import Request
from core.ids import as_read, new_id
from core.verification import CodeUnknown
from core.work import Work
from plugins.coupons import codes, queries
from plugins.coupons.errors import CouponsNotGivable
from plugins.coupons.judging import why_not_now
from plugins.coupons.rows import CouponRow

GIVE = """
UPDATE coupons_coupon SET state = 'GIVEN', gift_index = $4, gift = $5
WHERE tenant_id = $1 AND id = $2 AND member_id = $3 AND state = 'UNUSED' AND valid_until > app_now()
"""
TAKE_BACK = """
UPDATE coupons_coupon SET state = 'UNUSED', gift_index = NULL, gift = NULL
WHERE tenant_id = $1 AND id = $2 AND member_id = $3 AND state = 'GIVEN' AND gift_taken_at IS NULL
"""
#: the one statement that decides who gets it
TAKE = """
UPDATE coupons_coupon SET gift_taken_at = app_now(), gift = NULL
WHERE tenant_id = $1 AND gift_index = $2 AND state = 'GIVEN' AND gift_taken_at IS NULL AND valid_until > app_now()
AND member_id <> $3 RETURNING id
"""
HAND_OVER = """
INSERT INTO coupons_coupon (tenant_id, id, campaign_id, member_id, code_index, code, terms, origin, given_from,
    valid_from, valid_until, issued_at)
SELECT $1, $3, c.campaign_id, $4, $5, $6, c.terms || '{"givable": false}', 'GIFT', c.id, c.valid_from, c.valid_until, $7
FROM coupons_coupon c WHERE c.tenant_id = $1 AND c.id = $2
"""


async def give(work: Work, member_id: UUID, coupon_id: UUID | None, *, key: str) -> UUID:
    """Lay a coupon by for whoever comes with its gift code; its holder cannot use it meanwhile."""
    coupon = await _own(work, member_id, coupon_id)
    request = Request("couponsGive", work.actor.label, key, [str(coupon.id)])

    async def perform(_: UUID) -> None:
        reason = why_not_now(work, coupon, waiting=True)
        if reason is None and not coupon.terms.givable:
            reason = "it is for its holder alone."
        code = codes.new_code()
        sealed = codes.seal(work, code, "gift", coupon.id)
        if reason or not await work.execute(GIVE, coupon.id, member_id, codes.index_of(work, code), sealed):
            reason = reason or "it was used or given away just now."
            raise CouponsNotGivable(reason=reason, path=("input", "couponId"))

    return await idempotency.once(work, request, coupon.id, perform)


async def take_back(work: Work, member_id: UUID, coupon_id: UUID | None) -> UUID:
    """Keep a coupon that nobody has come for."""
    coupon = await _own(work, member_id, coupon_id)
    if not await work.execute(TAKE_BACK, coupon.id, member_id):
        raise CouponsNotGivable(reason="somebody has taken it, or it was not given.", path=("input", "couponId"))
    return coupon.id


async def take(work: Work, member_id: UUID, written: str, *, key: str) -> UUID:
    """Make the coupon of a gift code the member's; it cannot be given on."""
    request = Request("couponsTake", work.actor.label, key, [as_read(written)])

    async def perform(coupon_id: UUID) -> None:
        given: UUID | None = await work.value(TAKE, codes.index_of(work, written), member_id)
        if given is None:
            raise CodeUnknown(path=("input", "code"))
        code = codes.new_code()
        index, sealed = codes.index_of(work, code), codes.seal(work, code, "code", coupon_id)
        await work.execute(HAND_OVER, given, coupon_id, member_id, index, sealed, clock.now())

    return await idempotency.once(work, request, new_id(), perform)


async def _own(work: Work, member_id: UUID, coupon_id: UUID | None) -> CouponRow:
    coupon = (await queries.visible(work, [coupon_id]))[0] if coupon_id is not None else None
    if coupon is None or coupon.member_id != member_id:
        raise NotFound(what="coupon", path=("input", "couponId"))
    return coupon
