"""What is kept for an order moves to another place: set free in the one and promised in the other, both or neither."""

from collections.abc import Sequence
from uuid import UUID

from core.inventory.reserving import Demand, Place, add_reservations, lock, release_at, reserve
from core.work import Work

KEPT = """
SELECT location_id, variant_id, quantity FROM reservation
WHERE tenant_id = $1 AND order_id = $2 AND state = 'CLAIMED'
"""


async def kept(work: Work, order_id: UUID) -> dict[Place, int]:
    """What is kept for a paid order, and where."""
    return {(place, key): quantity for place, key, quantity in await work.fetch(KEPT, order_id)}


async def relocate(work: Work, order_id: UUID, had: UUID, places: Sequence[UUID]) -> UUID | None:
    """Keep what an order has in a place at the first of these that has all of it; None where none has.

    All rows are held at once, in key order: whoever locked one place after the other would wait in a circle.
    """
    held = {place: quantity for place, quantity in (await kept(work, order_id)).items() if place[0] == had}
    goods = {variant_id: quantity for (_, variant_id), quantity in held.items()}
    await lock(work, {*held, *((place, variant_id) for place in places for variant_id in goods)})
    for place in places:
        demand = Demand(order_id, place, goods)
        if (await reserve(work, [demand]))[0] is None:
            await release_at(work, order_id, had)
            await add_reservations(work, [demand], state="CLAIMED")
            return place
    return None
