"""What goods cost that are had for points: the money that is paid beside them, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.orders import Checkout
from core.pricing import Adjustment, Basket, PriceEach, Stage
from core.work import Work
from plugins.points_mall.redeeming import PLUGIN_NAME

PRICES = """
SELECT r.cart_id, r.offer_id, r.name, r.points, r.minor FROM points_mall_redemption r
WHERE r.tenant_id = $1 AND r.cart_id = any($2::uuid[])
"""


@dataclass(frozen=True, slots=True)
class _Price:
    cart_id: UUID
    offer_id: UUID
    name: str
    points: int
    minor: int


async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> list[list[Adjustment]]:
    """The price of each cart that was filled for points, by one statement for all of them."""
    found = {price.cart_id: price for price in await work.rows(_Price, PRICES, [one.cart_id for one in baskets])}
    return [[_offer(found[basket.cart_id])] if basket.cart_id in found else [] for basket in baskets]


def _offer(price: _Price) -> Adjustment:
    """Nothing else comes off what is bought for points already."""
    return Adjustment(
        stage=Stage.PRICE,
        source=PLUGIN_NAME,
        label=price.name,
        reason=f"Had for {price.points} points each, by offer {price.offer_id}.",
        effect=PriceEach(price.minor),
        excludes=frozenset({Stage.PROMOTION, Stage.COUPON}),
        subject_id=price.offer_id,
    )


def costs_more(checkout: Checkout, minor: int) -> bool:
    """Whether a bound on discounts has kept the goods from costing no more than they were offered for."""
    off = sum(min(step.amount, 0) for step in checkout.steps if step.by_line)
    return checkout.basket.items + off > minor
