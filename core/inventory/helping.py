"""Promising stock of other places too, where the one that is asked has less than is wanted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from core.inventory.errors import OutOfStock, ShortLine
from core.inventory.reserving import Demand, Place, lock, take
from core.inventory.rows import StockRow
from core.work import Work

Helpers = Mapping[UUID, Sequence[UUID]]  #: by variant: the places that may give what is missing, best first


async def reserve_with_help(
    work: Work, demands: Sequence[Demand], helpers: Sequence[Helpers]
) -> list[OutOfStock | Mapping[Place, int]]:
    """Take stock for each demand that can be met whole, in turn; what was taken where stands in the demand's place.

    A variant comes from its own place and from one helper at most.
    """
    stock = await lock_with_help(work, demands, helpers)
    taken: Counter[Place] = Counter()
    answers = [_allot(demand, some, stock, taken) for demand, some in zip(demands, helpers, strict=True)]
    await take(work, taken)
    return answers


async def lock_with_help(work: Work, demands: Sequence[Demand], helpers: Sequence[Helpers]) -> dict[Place, StockRow]:
    """Hold all rows that may be needed at once, in key order.

    Whoever locked the helpers' later would wait in a circle with those whose own place they are.
    """
    return await lock(work, {place for pair in zip(demands, helpers, strict=True) for place in _places(*pair)})


def _places(demand: Demand, helpers: Helpers) -> list[Place]:
    return [*demand.places, *((place, variant) for variant, places in helpers.items() for place in places)]


def _allot(
    demand: Demand, helpers: Helpers, stock: Mapping[Place, StockRow], taken: Counter[Place]
) -> OutOfStock | Mapping[Place, int]:
    """Set a demand's stock aside in `taken`, or say what is short and take nothing."""
    free = {
        place: stock[place].left(at_shelf=demand.at_shelf and place[0] == demand.location_id) - taken[place]
        for place in _places(demand, helpers)
        if place in stock
    }
    here = {place: min(max(free.get(place, 0), 0), demand.quantities[place[1]]) for place in demand.places}
    missing = {place[1]: n for place, had in here.items() if (n := demand.quantities[place[1]] - had)}
    chosen = _choose(missing, helpers, free)
    short = [
        ShortLine(demand.location_id, variant, demand.quantities[variant], here[demand.location_id, variant])
        for variant in missing
        if variant not in chosen
    ]
    if short:
        return OutOfStock(short)
    there = {(chosen[variant], variant): quantity for variant, quantity in missing.items()}
    allotted = {place: quantity for place, quantity in (here | there).items() if quantity}
    taken.update(allotted)
    return allotted


def _choose(missing: Mapping[UUID, int], helpers: Helpers, free: Mapping[Place, int]) -> dict[UUID, UUID]:
    """Who gives each variant: one place that has all that is missing if there is one, else the best for each."""
    able = {
        variant: [place for place in helpers.get(variant, ()) if free.get((place, variant), 0) >= quantity]
        for variant, quantity in missing.items()
    }
    ranked = next(iter(able.values()), [])
    together = next((place for place in ranked if all(place in places for places in able.values())), None)
    if together is not None:
        return dict.fromkeys(missing, together)
    return {variant: places[0] for variant, places in able.items() if places}
