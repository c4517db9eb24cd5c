"""What is brought for nothing whatever it is worth."""

from zoneinfo import ZoneInfo

from core import clock
from core.pricing.rules import PricingRules
from core.rules import BASKET, Facts, holds
from core.work import Work


def delivery_is_free(
    work: Work, rules: PricingRules, *, fulfilment: str, items: int, lines: int, is_member: bool
) -> bool:
    """Whether a basket is such a one as the brand brings for nothing."""
    if not rules.free_delivery_when:
        return False
    now = clock.now().astimezone(ZoneInfo(work.brand.time_zone))
    basket: Facts = {
        "fulfilment": fulfilment,
        "items": items,
        "lines": lines,
        "member": is_member,
        "weekday": now.isoweekday(),
        "hour": now.hour,
    }
    return holds(BASKET, rules.free_delivery_when, basket)
