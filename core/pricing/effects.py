"""What an effect does to lines: how much to each, before anything bounds it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.money import split
from core.pricing.adjustments import Charge, Pays, Percent, PriceEach, TakeOff
from core.pricing.basket import BasketLine
from core.pricing.prices import cost

OnLines = PriceEach | TakeOff | Percent | Charge | Pays
Amounts = Mapping[UUID, int]  #: minor units by cart line; negative: taken off


def amounts(
    effect: PriceEach | TakeOff | Percent | Charge | Pays, lines: Sequence[BasketLine], left: Amounts
) -> Amounts:
    """How much an effect adds to each line or takes off, which is never more than the line is still worth."""
    worth = [left[line.id] for line in lines]
    if isinstance(effect, PriceEach):
        wanted = [cost(effect.minor, line.priced_per, line.quantity) for line in lines]
        changes = [min(new - old, 0) for new, old in zip(wanted, worth, strict=True)]
    elif isinstance(effect, Charge):
        changes = split(effect.minor, worth)
    else:
        changes = [-part for part in split(_off(effect, sum(worth)), worth)]
    return dict(zip([line.id for line in lines], changes, strict=True))


def at_most(changes: Amounts, allowed: int) -> Amounts:
    """The same, taking no more off all together than is allowed."""
    if -sum(changes.values()) <= allowed:
        return changes
    parts = split(allowed, [-change for change in changes.values()])
    return dict(zip(changes, [-part for part in parts], strict=True))


def _off(effect: TakeOff | Percent | Pays, worth: int) -> int:
    if isinstance(effect, Pays):
        most = worth * effect.most_percent // 100 // effect.each
        return min(effect.points, most) // effect.step * effect.step * effect.each
    if isinstance(effect, TakeOff):
        return min(effect.minor, worth)
    share = (2 * worth * effect.basis_points + 10_000) // 20_000  # half a minor unit is rounded up
    return share if effect.at_most is None else min(share, effect.at_most)
