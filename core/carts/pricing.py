"""What carts cost: their lines at their stores, and what plugins add and take off, asked once for all of them."""

from collections.abc import Sequence
from uuid import UUID

from core import contacts, stores
from core.carts.rows import DELIVERY, CartRow
from core.extensions import PluginFailed
from core.pricing import PricingRules, delivery_fee, price
from core.work import Work


async def price_all(work: Work, carts: Sequence[CartRow]) -> None:
    """Price carts; where a plugin fails, without its part, and the cart remembers that."""
    baskets = [cart.basket for cart in carts]
    said = await work.hooks.adjust_prices(work, baskets) if baskets else []
    meters = await _distances(work, carts)
    for cart, basket, answers in zip(carts, baskets, said, strict=True):
        failed = [answer for _, answer in answers if isinstance(answer, PluginFailed)]
        offers = [(plugin, answer) for plugin, answer in answers if not isinstance(answer, PluginFailed)]
        rules = work.rules(PricingRules, cart.store_id)
        fee = delivery_fee(rules, basket, time_zone=work.brand.time_zone, meters=meters.get(cart.id, 0))
        cart.settle(price(basket, offers, rules, delivery=fee), failed)


async def _distances(work: Work, carts: Sequence[CartRow]) -> dict[UUID, float]:
    """How far carts are to be brought, in metres; only where that costs something is it worked out."""
    far = [cart for cart in carts if cart.sealed_address is not None and _by_distance(work, cart)]
    if not far:
        return {}
    found = await stores.by_ids(work, [cart.store_id for cart in far if cart.store_id is not None])
    places = {store.id: store.location for store in found if store is not None}
    opened = [contacts.open_address(work.vault, cart.sealed_address, "cart", cart.id) for cart in far]
    return {
        cart.id: stores.distance(places[cart.store_id], address.location)
        for cart, address in zip(far, opened, strict=True)
        if address is not None and cart.store_id in places
    }


def _by_distance(work: Work, cart: CartRow) -> bool:
    return cart.fulfilment == DELIVERY and work.rules(PricingRules, cart.store_id).delivery_band_fee > 0
