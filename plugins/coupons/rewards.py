"""Coupons that members get without asking: when they join, after a till's sale, when they have collected an order."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from core import orders
from core.errors import DomainError
from core.ids import new_id
from core.members import MemberJoined
from core.orders import OrderPaid, OrderRow, OrderStatusChanged, Release
from core.work import Work
from plugins.coupons import queries
from plugins.coupons.issuing import Occasion, issue_one
from plugins.coupons.rules import CouponRules

MOST = 20  #: campaigns of one occasion
log = structlog.get_logger("coupons")

# Whoever buys, is thanked and gives everything back must not keep what it was thanks for.
TAKE_BACK = """
UPDATE coupons_coupon SET state = 'REVOKED' WHERE tenant_id = $1 AND occasion_id = any($2::uuid[])
AND origin IN ('SALE', 'PICKUP') AND (state = 'UNUSED' OR (state = 'GIVEN' AND gift_taken_at IS NULL))
"""
HAD = """
SELECT campaign_id FROM coupons_coupon WHERE tenant_id = $1 AND campaign_id = any($2::uuid[]) AND occasion_id = $3
"""


async def welcome(work: Work, event: MemberJoined) -> None:
    """A new member gets a coupon of each campaign for new members, once."""
    await _reward(work, event.member_id, "NEW_MEMBERS", Occasion("WELCOME", event.member_id))


async def thank(work: Work, event: OrderPaid) -> None:
    """A member who has bought at a till gets a coupon of each campaign for that, once a sale."""
    order = (await orders.visible(work, [event.order_id]))[0]
    if order is None or order.member_id is None or not _is_till_sale(order) or order.status != "COMPLETED":
        return
    if order.payable >= work.rules(CouponRules, order.store_id).repurchase_from:
        await _reward(work, order.member_id, "AFTER_SALE", Occasion("SALE", order.id))


async def thank_for_collecting(work: Work, event: OrderStatusChanged) -> None:
    """A member who has collected an order gets a coupon of each campaign for that, once an order."""
    if event.status != "COMPLETED":
        return
    order = (await orders.visible(work, [event.order_id]))[0]
    if order is None or order.member_id is None or order.kind != "PICKUP" or order.status != "COMPLETED":
        return
    if order.payable >= work.rules(CouponRules, order.store_id).pickup_from:
        await _reward(work, order.member_id, "AFTER_PICKUP", Occasion("PICKUP", order.id))


async def take_back(work: Work, releases: Sequence[Release]) -> None:
    """Withdraw what nobody has used of the coupons that was earned by what went back as a whole."""
    await work.execute(TAKE_BACK, [one.order_id for one in releases if one.whole])


def _is_till_sale(order: OrderRow) -> bool:
    """Whether a till has told of it; what was ordered in a shop began as a cart."""
    return order.kind == "IN_STORE" and order.cart_id is None


async def _reward(work: Work, member_id: UUID, audience: str, occasion: Occasion) -> None:
    """Whoever has had as many as one may, or comes when there are no more, gets none, and nobody tries again."""
    campaigns = await queries.offered(work, audience, MOST)
    had = {row["campaign_id"] for row in await work.fetch(HAD, [one.id for one in campaigns], occasion.id)}
    for campaign in campaigns:
        if campaign.id not in had:
            try:
                async with work.savepoint():
                    await issue_one(work, campaign, member_id, new_id(), occasion)
            except DomainError as refusal:
                log.info("a coupon was not given", tenant=work.brand.slug, origin=occasion.origin, code=refusal.code)
