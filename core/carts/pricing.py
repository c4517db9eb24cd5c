"""What carts cost: their lines at their stores, and what plugins add and take off, asked once for all of them."""

from collections.abc import Sequence

from core.carts.rows import CartRow
from core.extensions import PluginFailed
from core.pricing import PricingRules, delivery_fee, price
from core.work import Work


async def price_all(work: Work, carts: Sequence[CartRow]) -> None:
    """Price carts; where a plugin fails, without its part, and the cart remembers that."""
    baskets = [cart.basket for cart in carts]
    said = await work.hooks.adjust_prices(work, baskets) if baskets else []
    for cart, basket, answers in zip(carts, baskets, said, strict=True):
        failed = [answer for _, answer in answers if isinstance(answer, PluginFailed)]
        offers = [(plugin, answer) for plugin, answer in answers if not isinstance(answer, PluginFailed)]
        rules = work.rules(PricingRules, cart.store_id)
        fee = delivery_fee(rules, basket, time_zone=work.brand.time_zone)
        cart.settle(price(basket, offers, rules, delivery=fee), failed)
