"""What carts cost: their lines at their stores, and what plugins add and take off, asked once for all of them."""

from collections.abc import Sequence

from core.carts.rows import CartRow
from core.extensions import PluginFailed
from core.pricing import Offer, PricingRules, delivery_fee, price
from core.work import Work

Said = Sequence[tuple[str, Sequence[Sequence[Offer]] | PluginFailed]]  #: by plugin, for each cart


async def price_all(work: Work, carts: Sequence[CartRow]) -> None:
    """Price carts; where a plugin fails, without its part, and the cart remembers that."""
    baskets = [cart.basket for cart in carts]
    said: Said = await work.hooks.adjust_prices(work, baskets) if baskets else []
    failed = [answer for _, answer in said if isinstance(answer, PluginFailed)]
    for index, (cart, basket) in enumerate(zip(carts, baskets, strict=True)):
        offers = [(plugin, answer[index]) for plugin, answer in said if not isinstance(answer, PluginFailed)]
        rules = work.rules(PricingRules, cart.store_id)
        fee = delivery_fee(rules, basket, time_zone=work.brand.time_zone)
        cart.settle(price(basket, offers, rules, delivery=fee), failed)
