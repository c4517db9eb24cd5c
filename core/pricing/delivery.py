"""What bringing a basket costs."""

from math import ceil
from zoneinfo import ZoneInfo

from core import clock
from core.pricing.basket import Basket
from core.pricing.rules import PricingRules
from core.rules import BASKET, Facts, holds

DELIVERY = "DELIVERY"


def fee_at(rules: PricingRules, meters: float) -> int:
    """What bringing something so far costs, in minor units, where it is not free."""
    beyond = max(meters - rules.delivery_near_meters, 0)
    return rules.delivery_fee + ceil(beyond / rules.delivery_band_meters) * rules.delivery_band_fee


def delivery_fee(rules: PricingRules, basket: Basket, *, time_zone: str, meters: float = 0) -> int:
    """The fee in minor units, before anything is taken off it; the goods count at what they cost before discounts."""
    if basket.fulfilment != DELIVERY or not basket.lines or basket.items >= rules.free_delivery_from:
        return 0
    return 0 if _is_free(rules, basket, time_zone) else fee_at(rules, meters)


def _is_free(rules: PricingRules, basket: Basket, time_zone: str) -> bool:
    """Whether a basket is such a one as the brand brings for nothing whatever it is worth."""
    if not rules.free_delivery_when:
        return False
    now = clock.now().astimezone(ZoneInfo(time_zone))
    facts: Facts = {
        "fulfilment": basket.fulfilment,
        "items": basket.items,
        "lines": len(basket.lines),
        "member": basket.member_id is not None,
        "weekday": now.isoweekday(),
        "hour": now.hour,
    }
    return holds(BASKET, rules.free_delivery_when, facts)
