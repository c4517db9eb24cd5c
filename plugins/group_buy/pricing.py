"""What a group pays: another price for the lines of a cart that is bought with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.pricing import Adjustment, Basket, PriceEach, Stage
from core.work import Work
from plugins.group_buy.rules import GroupBuyRules

# What is asked for decides, not whether it is still to be had: that is said by the claim, in so many words, and no
# shopper is charged the full price for a team that has just filled up.
PRICES = """
SELECT w.cart_id, p.variant_id, c.id, c.name, w.size,
    CASE WHEN w.team_id IS NULL THEN coalesce(p.leader_minor, p.minor) ELSE p.minor END
FROM group_buy_wish w
JOIN group_buy_campaign c ON c.tenant_id = $1 AND c.id = w.campaign_id
JOIN group_buy_price p ON p.tenant_id = $1 AND p.campaign_id = w.campaign_id AND p.size = w.size
WHERE w.tenant_id = $1 AND w.cart_id = any($2::uuid[])
"""


@dataclass(frozen=True, slots=True)
class _Price:
    cart_id: UUID
    variant_id: UUID
    campaign_id: UUID
    name: str
    size: int
    minor: int


async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> list[list[Adjustment]]:
    """The group's price for each cart that is bought with a group, by one statement for all of them."""
    prices: dict[UUID, list[_Price]] = {basket.cart_id: [] for basket in baskets}
    for price in await work.rows(_Price, PRICES, list(prices)):
        prices[price.cart_id].append(price)
    return [_offers(work, basket, prices[basket.cart_id]) for basket in baskets]


def _offers(work: Work, basket: Basket, prices: Sequence[_Price]) -> list[Adjustment]:
    closed = frozenset() if work.rules(GroupBuyRules, basket.store_id).coupons_too else frozenset({Stage.COUPON})
    lines = {line.variant_id: line.id for line in basket.lines}
    return [_offer(price, lines[price.variant_id], closed) for price in prices if price.variant_id in lines]


def _offer(price: _Price, line_id: UUID, closed: frozenset[Stage]) -> Adjustment:
    return Adjustment(
        stage=Stage.PRICE,
        source="group_buy",
        label=price.name,
        reason=f"The price of a team of {price.size} in campaign {price.campaign_id}.",
        effect=PriceEach(price.minor),
        lines=frozenset({line_id}),
        excludes=closed,
        subject_id=price.campaign_id,
    )
