"""Coupons that are shown at a counter instead of put into a cart."""

from uuid import UUID

from core import audit, idempotency, stores
from core.errors import Forbidden, Invalid, NotFound
from core.idempotency import Request
from core.verification import PATH, CodeUnknown, CodeUsed, Shown, Taken
from core.work import Work
from plugins.coupons import codes, permissions, queries
from plugins.coupons.errors import CouponsNotUsable
from plugins.coupons.events import CouponUsed
from plugins.coupons.judging import why_not_at, why_not_for, why_not_now, why_not_worth
from plugins.coupons.rows import CouponRow

USE = """
UPDATE coupons_coupon SET state = 'USED', store_id = $3, discount = $4, used_at = app_now()
WHERE tenant_id = $1 AND id = $2 AND state = 'UNUSED' AND valid_from <= app_now() AND valid_until > app_now()
"""

_KIND = "coupon"
TAKEN = f"coupons.{_KIND}"  #: as the desk calls it


async def verify(work: Work, shown: Shown, *, key: str) -> UUID:
    """Take a coupon at a store, once; returns its id, again for the same key."""
    coupon = await queries.by_code(work, codes.index_of(work, shown.code))
    if coupon is None:
        raise CodeUnknown(path=PATH)
    request = Request("couponsVerify", work.actor.label, key, [str(coupon.id), str(shown.store_id), shown.spend])

    async def perform(_: UUID) -> None:
        await _take(work, coupon, shown)

    return await idempotency.once(work, request, coupon.id, perform)


async def verify_code(work: Work, shown: Shown) -> Taken | None:
    """The same at the desk where every kind of code is shown; None for what is no coupon's."""
    coupon = await queries.by_code(work, codes.index_of(work, shown.code))
    if coupon is None:
        return None
    if not work.actor.may(permissions.VERIFY.name, shown.store_id):
        raise Forbidden(permission=permissions.VERIFY.name)
    if coupon.state == "USED":
        raise CodeUsed(path=PATH)
    await _take(work, coupon, shown)
    return Taken(_KIND, coupon.terms.label, coupon.id)


async def store_of(work: Work, store_id: UUID | None) -> UUID:
    """A store where the actor takes coupons."""
    found = (await stores.by_ids(work, [store_id]))[0] if store_id is not None else None
    if found is None or not work.actor.may(permissions.VERIFY.name, found.id):
        raise NotFound(what="store", path=("input", "storeId"))
    return found.id


async def _take(work: Work, coupon: CouponRow, shown: Shown) -> None:
    reason = _why_not(work, coupon, shown.store_id, shown.spend)
    if reason is not None:
        raise CouponsNotUsable(reason=reason, path=PATH)
    discount = coupon.terms.off_goods(shown.spend) if shown.spend is not None else 0
    if not await work.execute(USE, coupon.id, shown.store_id, discount):
        raise CouponsNotUsable(reason="It was used just now.", path=PATH)
    await _tell(work, coupon, shown.store_id, discount)


async def _tell(work: Work, coupon: CouponRow, store_id: UUID, discount: int) -> None:
    facts = {"state": "USED", "discount": discount}
    await audit.record(work, "coupons.verified", "CouponsCoupon", coupon.id, store_id=store_id, after=facts)
    work.emit(
        CouponUsed(
            coupon_id=coupon.id, campaign_id=coupon.campaign_id, order_id=None, store_id=store_id, discount=discount
        )
    )


def _why_not(work: Work, coupon: CouponRow, store_id: UUID, spend: int | None) -> str | None:
    terms = coupon.terms
    if terms.minimum_spend and spend is None:
        raise Invalid(reason="Say what the goods cost: this coupon has a minimum.", path=("input", "spend"))
    return (
        why_not_now(work, coupon)
        or ("It is for a cart, and not taken at a counter." if terms.channel == "CART" else None)
        or why_not_at(terms, store_id)
        or why_not_for(terms, coupon.tier)
        or (why_not_worth(terms, spend) if spend is not None else None)
    )
