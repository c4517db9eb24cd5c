"""From lines to what is to be paid."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import Money
from core.pricing.rules import PricingRules


@dataclass(frozen=True, slots=True)
class Totals:
    """What a cart or order comes to; payable is items - discounts + delivery - points."""

    items: Money
    discounts: Money
    delivery: Money
    points: Money
    payable: Money


def total(lines: Sequence[int], *, delivered: bool, rules: PricingRules, currency: str, free: bool = False) -> Totals:
    """Sum lines up (minor units) and add the delivery fee, unless the goods are worth a free one or it is free."""
    items = sum(lines)
    free = free or not delivered or not lines or items >= rules.free_delivery_from
    return totals_of(items, 0, 0 if free else rules.delivery_fee, 0, currency)


def totals_of(items: int, discounts: int, delivery: int, points: int, currency: str) -> Totals:
    """Totals from their parts in minor units."""
    parts = (items, discounts, delivery, points, items - discounts + delivery - points)
    return Totals(*(Money(part, currency) for part in parts))
