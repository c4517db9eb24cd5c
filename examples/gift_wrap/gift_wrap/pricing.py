"""What wrapping adds to the price of a cart."""

from collections.abc import Sequence

from core.pricing import Adjustment, Basket, Charge, Stage
from core.work import Work
from gift_wrap.queries import lines_of
from gift_wrap.rows import LineRow
from gift_wrap.rules import GiftWrapRules


async def fees(work: Work, baskets: Sequence[Basket]) -> list[list[Adjustment]]:
    """The fee of each cart: one statement for all of them, since a page may show a hundred."""
    gifts = await lines_of(work, [basket.cart_id for basket in baskets])
    return [_fee(work, basket, gifts.get(basket.cart_id, [])) for basket in baskets]


def _fee(work: Work, basket: Basket, gifts: Sequence[LineRow]) -> list[Adjustment]:
    rules = work.rules(GiftWrapRules, basket.store_id)
    wrapped = {gift.variant_id for gift in gifts}
    lines = frozenset(line.id for line in basket.lines if line.variant_id in wrapped)
    if not lines or not rules.price or 0 < rules.free_from <= basket.items:
        return []
    fee = Adjustment(
        stage=Stage.FEE,
        source="gift_wrap",
        label="Gift wrapping",
        reason=f"{len(lines)} lines wrapped for {rules.price} each (gift_wrap.price)",
        effect=Charge(rules.price * len(lines)),
        lines=lines,
    )
    return [fee]
