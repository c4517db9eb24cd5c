"""Goods for points go with orders: taken when one is placed, taken again when it is paid late."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from core.errors import DomainError
from core.orders import Checkout
from core.work import Work
from plugins.points_mall.errors import PointsMallClosed
from plugins.points_mall.pricing import costs_more
from plugins.points_mall.reasons import PATH
from plugins.points_mall.taking import take, today
from plugins.points_mall.wants import Want

WANTED = """
SELECT r.id, r.offer_id, r.member_id, r.quantity, r.points, r.minor, r.store_id, r.turn, r.cart_id
FROM points_mall_redemption r
WHERE r.tenant_id = $1 AND r.cart_id = any($2::uuid[]) AND r.state = 'WANTED'
"""
ORDER = """
UPDATE points_mall_redemption r SET state = 'ORDERED', order_id = w.order_id, store_id = w.store_id
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS w(id, order_id, store_id)
WHERE r.tenant_id = $1 AND r.id = w.id AND r.state = 'WANTED'
"""
GIVEN_BACK = """
SELECT r.id, r.offer_id, r.member_id, r.quantity, r.points, r.minor, r.store_id, r.turn + 1 AS turn
FROM points_mall_redemption r WHERE r.tenant_id = $1 AND r.order_id = $2 AND r.state = 'RETURNED' FOR UPDATE
"""
ORDER_AGAIN = """
UPDATE points_mall_redemption SET state = 'ORDERED', returned = 0, turn = $3, day = $4 WHERE tenant_id = $1 AND id = $2
"""


async def claim(work: Work, checkouts: Sequence[Checkout]) -> list[DomainError | None]:
    """Take what each order is redeemed for, and its points."""
    wants = await _wants(work, checkouts)
    answers = dict(zip(wants, await take(work, list(wants.values())) if wants else (), strict=True))
    got = [one for one in checkouts if one.order_id in wants and answers[one.order_id] is None]
    if got:
        ids = [wants[one.order_id].redemption_id for one in got]
        await work.execute(ORDER, ids, [one.order_id for one in got], [one.basket.store_id for one in got])
    return [answers.get(one.order_id) or _dearer(one, wants.get(one.order_id)) for one in checkouts]


async def claim_again(work: Work, order_id: UUID) -> DomainError | None:
    """Take again what came back with an order that expired, if it is still to be had for these points."""
    for row in await work.fetch(GIVEN_BACK, order_id):
        want = Want(*row)
        refusal = (await take(work, [want]))[0]
        if refusal is not None:
            return refusal
        await work.execute(ORDER_AGAIN, want.redemption_id, want.turn, today(work))
    return None


async def _wants(work: Work, checkouts: Sequence[Checkout]) -> dict[UUID, Want]:
    """What orders are redeemed for, by order; each at the store that has it in the end."""
    by_cart = {one.basket.cart_id: one for one in checkouts}
    found: dict[UUID, Want] = {}
    for *columns, cart_id in await work.fetch(WANTED, list(by_cart)):
        checkout = by_cart[cart_id]
        found[checkout.order_id] = replace(Want(*columns), store_id=checkout.basket.store_id)
    return found


def _dearer(checkout: Checkout, want: Want | None) -> PointsMallClosed | None:
    if want is None or not costs_more(checkout, want.minor * want.quantity):
        return None
    return PointsMallClosed(reason="the brand lets less come off goods than this would.", path=PATH)
