"""Promising goods that may come in several packages, each from a place that has all that goes into it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.inventory.errors import OutOfStock, ShortLine
from core.inventory.reserving import Demand, Place, lock, take
from core.inventory.rows import StockRow
from core.work import Work


@dataclass(frozen=True, slots=True)
class Split:
    """A demand that its own place may share with others."""

    demand: Demand
    groups: Sequence[Mapping[UUID, int]]  #: what stays together; no variant is in two of them
    others: Sequence[UUID]  #: places that may help, best first
    most: int  #: places in all

    @property
    def places(self) -> list[Place]:
        everywhere = [self.demand.location_id, *self.others]
        return [(place, variant_id) for place in everywhere for variant_id in self.demand.quantities]


async def reserve_split(work: Work, splits: Sequence[Split]) -> list[OutOfStock | list[UUID]]:
    """Take stock for each demand that can be met whole, in turn; the place of each of its groups stands in its place.

    The demand's own place takes whatever it has, and has to have some; then whoever has most of the rest.
    """
    stock = await lock(work, {place for split in splits for place in split.places})
    taken: Counter[Place] = Counter()
    answers = [_allot(split, stock, taken) for split in splits]
    await take(work, taken)
    return answers


def _allot(split: Split, stock: Mapping[Place, StockRow], taken: Counter[Place]) -> OutOfStock | list[UUID]:
    """Set a demand's stock aside in `taken`, or say what is short and take nothing."""
    left = {place: max(stock[place].sellable - taken[place], 0) if place in stock else 0 for place in split.places}
    chosen = _choose(split, left)
    if len(chosen) < len(split.groups):
        own = split.demand.location_id
        short = {
            key: n for number, group in enumerate(split.groups) if number not in chosen for key, n in group.items()
        }
        return OutOfStock([ShortLine(own, key, n, left[own, key]) for key, n in short.items()])
    for number, place in chosen.items():
        taken.update({(place, key): quantity for key, quantity in split.groups[number].items()})
    return [chosen[number] for number in range(len(split.groups))]


def _choose(split: Split, left: Mapping[Place, int]) -> dict[int, UUID]:
    """Who gives which group, as far as somebody does."""
    chosen = dict.fromkeys(_had(split, split.demand.location_id, left, {}), split.demand.location_id)
    others = list(split.others)
    for _ in range(split.most - 1 if chosen else 0):
        offers = {place: _had(split, place, left, chosen) for place in others}
        best = max(offers, key=lambda place: len(offers[place]), default=None)
        if best is None or not offers[best]:
            break
        chosen |= dict.fromkeys(offers[best], best)
        others.remove(best)
    return chosen


def _had(split: Split, place: UUID, left: Mapping[Place, int], chosen: Mapping[int, UUID]) -> list[int]:
    """Which groups that nobody gives yet a place has all of."""
    return [
        number
        for number, group in enumerate(split.groups)
        if number not in chosen and all(left[place, key] >= quantity for key, quantity in group.items())
    ]
