"""What is to be paid, and its parts."""

from dataclasses import dataclass

from core.money import Money


@dataclass(frozen=True, slots=True)
class Totals:
    """What a cart or order comes to; payable is items - discounts + fees + delivery - points."""

    items: Money
    discounts: Money
    fees: Money
    delivery: Money
    points: Money
    payable: Money


def totals_of(
    currency: str, *, items: int, discounts: int = 0, fees: int = 0, delivery: int = 0, points: int = 0
) -> Totals:
    """Totals from their parts in minor units."""
    payable = items - discounts + fees + delivery - points
    return Totals(*(Money(part, currency) for part in (items, discounts, fees, delivery, points, payable)))
