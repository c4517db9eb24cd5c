"""Goods that were sold over the counter: they are gone, whatever the books had of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.inventory.movements import FOUND_AT_TILL, SALE, Movement, record_each
from core.inventory.posting import change, hold
from core.work import Work

Goods = Mapping[UUID, int]  #: by variant


@dataclass(frozen=True, slots=True)
class SoldShort:
    """What was sold though the books had less of it that nobody was promised."""

    order_id: UUID
    variant_id: UUID
    sold: int
    free: int


async def sell(work: Work, location_id: UUID, orders: Mapping[UUID, Goods]) -> list[SoldShort]:
    """Have the goods of orders leave at once; what the books did not know of is found first, and told."""
    held = await hold(work, location_id, {variant for goods in orders.values() for variant in goods})
    free, net = {key: stock.free for key, stock in held.items()}, Counter[UUID]()
    short: list[SoldShort] = []
    moved: list[Movement] = []
    for order_id, goods in orders.items():
        for variant, sold in sorted(goods.items()):
            if (found := max(sold - free[variant], 0)) > 0:
                short.append(SoldShort(order_id, variant, sold, free[variant]))
                moved.append(Movement(location_id, variant, found, FOUND_AT_TILL, order_id))
            moved.append(Movement(location_id, variant, -sold, SALE, order_id))
            free[variant] += found - sold
            net[variant] += found - sold
    await change(work, location_id, net)
    record_each(work, moved)
    return short
