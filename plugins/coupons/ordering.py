"""Coupons go with orders: taken when one is placed, used when it is paid, given back when it ends."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from core import clock, orders
from core.errors import DomainError
from core.orders import Cause, Checkout, OrderPaid, Release
from core.work import Work
from plugins.coupons.errors import CouponsTaken
from plugins.coupons.events import CouponReturned, CouponUsed
from plugins.coupons.pricing import PLUGIN_NAME, over
from plugins.coupons.rules import CouponRules

_PATH = ("input", "cartId")

# Locked in order first: two orders with the same coupons must not wait for each other in a circle.
TAKE = """
WITH free AS MATERIALIZED (
    SELECT id FROM coupons_coupon WHERE tenant_id = $1 AND id = any($2::uuid[]) AND state = 'UNUSED'
    ORDER BY id FOR UPDATE
)
UPDATE coupons_coupon c SET state = 'TAKEN', order_id = t.order_id, discount = t.discount
FROM free JOIN unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[]) AS t(coupon_id, order_id, member_id, discount)
    ON t.coupon_id = free.id
WHERE c.tenant_id = $1 AND c.id = free.id AND c.member_id = t.member_id AND c.state = 'UNUSED'
AND c.valid_from <= app_now() AND c.valid_until > app_now() RETURNING c.id, c.order_id
"""
# What has not come back yet is still the order's; what went elsewhere meanwhile is gone.
TAKE_AGAIN = """
WITH free AS MATERIALIZED (
    SELECT id FROM coupons_coupon
    WHERE tenant_id = $1 AND id = any($2::uuid[]) AND (state = 'UNUSED' OR (state = 'TAKEN' AND order_id = $4))
    ORDER BY id FOR UPDATE
)
UPDATE coupons_coupon c SET state = 'TAKEN', order_id = $4, discount = t.discount
FROM free JOIN unnest($2::uuid[], $3::bigint[]) AS t(coupon_id, discount) ON t.coupon_id = free.id
WHERE c.tenant_id = $1 AND c.id = free.id
AND c.member_id = (SELECT o.member_id FROM sales_order o WHERE o.tenant_id = $1 AND o.id = $4)
AND c.valid_from <= app_now() AND c.valid_until > app_now()
"""
USE = """
UPDATE coupons_coupon SET state = 'USED', used_at = app_now()
WHERE tenant_id = $1 AND order_id = $2 AND state = 'TAKEN' RETURNING id, campaign_id, discount
"""
# By the order's id: once it is given back it has none, so that it comes back once, whatever is told twice.
RETURN = """
UPDATE coupons_coupon c SET order_id = NULL, discount = 0, used_at = NULL,
    valid_until = greatest(c.valid_until, $4::timestamptz),
    state = CASE WHEN greatest(c.valid_until, $4::timestamptz) > app_now() THEN 'UNUSED' ELSE 'EXPIRED' END
FROM unnest($2::uuid[], $3::boolean[]) AS r(order_id, always)
JOIN sales_order o ON o.tenant_id = $1 AND o.id = any($2::uuid[]) AND o.id = r.order_id
WHERE c.tenant_id = $1 AND c.order_id = any($2::uuid[]) AND c.order_id = r.order_id AND c.state IN ('TAKEN', 'USED')
AND (r.always OR o.payment_status IN ('PENDING', 'CANCELLED')) RETURNING c.id, c.campaign_id, c.state, r.order_id
"""


async def check(work: Work, checkouts: Sequence[Checkout]) -> list[DomainError | None]:
    """Refuse orders whose coupon another one took meanwhile: whoever saw it come off must not pay the whole."""
    doubtful = [one.basket for one in checkouts if _unanswered(one)]
    gone = dict(zip([basket.cart_id for basket in doubtful], await over(work, doubtful), strict=True))
    found = [gone.get(one.basket.cart_id) for one in checkouts]
    return [CouponsTaken(label=one.terms.label, path=_PATH) if one is not None else None for one in found]


def _unanswered(checkout: Checkout) -> bool:
    """Whether a code on the cart takes nothing off its price; the coupon of one that does was there a moment ago."""
    given = {step.adjustment.code for step in checkout.steps_of(PLUGIN_NAME)}
    return not given.issuperset(checkout.basket.codes_of(PLUGIN_NAME))


async def take(work: Work, checkouts: Sequence[Checkout]) -> list[DomainError | None]:
    """Take the coupons that orders were priced with, each once; says which orders cannot have theirs."""
    wanted = [
        (step.adjustment.subject_id, checkout, step.adjustment.label, -step.amount)
        for checkout in checkouts
        for step in checkout.steps_of(PLUGIN_NAME)
    ]
    got = await _take(work, [(key, one.order_id, one.member_id, discount) for key, one, _, discount in wanted])
    missing = {one.order_id: label for key, one, label, _ in wanted if (key, one.order_id) not in got}
    return [
        CouponsTaken(label=label, path=_PATH) if (label := missing.get(one.order_id)) else None for one in checkouts
    ]


async def _take(work: Work, wanted: Sequence[tuple[UUID | None, UUID, UUID | None, int]]) -> set[tuple[UUID, UUID]]:
    if not wanted:
        return set()
    columns = (list(column) for column in zip(*wanted, strict=True))
    return {(row["id"], row["order_id"]) for row in await work.fetch(TAKE, *columns)}


async def take_again(work: Work, order_id: UUID) -> DomainError | None:
    """Take the coupons of an order that expired and is paid after all, if nobody has used them meanwhile."""
    [steps] = await orders.steps_of(work, [order_id])
    given = [step for step in steps if step.plugin == PLUGIN_NAME and step.applied]
    wanted = [(step.subject_id, -step.minor) for step in given]
    keys, discounts = [key for key, _ in wanted], [discount for _, discount in wanted]
    if given and await work.execute(TAKE_AGAIN, keys, discounts, order_id) != len(given):
        return CouponsTaken(label=given[0].label, path=_PATH)
    return None


async def give_back(work: Work, releases: Sequence[Release]) -> None:
    """Give back the coupons of orders that end, as far as the brand's rule has them come back."""
    rules = work.rules(CouponRules)
    ids, always = [one.order_id for one in releases], [_comes_back(one, rules.return_on) for one in releases]
    at_least = clock.now() + timedelta(days=rules.return_extends_days) if rules.return_extends_days else None
    for row in await work.fetch(RETURN, ids, always, at_least):
        work.emit(
            CouponReturned(
                coupon_id=row["id"], campaign_id=row["campaign_id"], order_id=row["order_id"], state=row["state"]
            )
        )


def _comes_back(release: Release, return_on: str) -> bool:
    """Whether an order's coupon comes back even if the order was paid."""
    if release.cause in (Cause.EXPIRED, Cause.REJECTED):
        return True
    return return_on == "any" or (return_on == "whole" and release.whole)


async def use(work: Work, event: OrderPaid) -> None:
    """The order is paid: its coupons are used, unless they have come back meanwhile."""
    for row in await work.fetch(USE, event.order_id):
        work.emit(
            CouponUsed(
                coupon_id=row["id"],
                campaign_id=row["campaign_id"],
                order_id=event.order_id,
                store_id=None,
                discount=row["discount"],
            )
        )
