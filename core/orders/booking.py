"""Whether there is room for new orders in the slots that their buyers have chosen."""

from collections.abc import Sequence
from uuid import UUID

from core.orders.candidates import Candidate
from core.orders.errors import SlotFull
from core.orders.slots import Slot, capacity, hold
from core.work import Work


async def full(work: Work, candidates: Sequence[Candidate]) -> dict[UUID, SlotFull]:
    """Those whose slot has no room left for them; whoever has room has it as soon as the order is written.

    Of several at once those that come first have it, even where there is no stock for them afterwards.
    """
    wanted = [(one, slot) for one in candidates if (slot := _limited(work, one)) is not None]
    if not wanted:
        return {}
    taken = await hold(work, {slot for _, slot in wanted})
    refused = {}
    for one, slot in wanted:
        taken[slot] += 1
        if taken[slot] > (capacity(work, *slot[:2]) or 0):
            refused[one.order_id] = SlotFull(start=slot[2].isoformat(), path=("input", "cartId"))
    return refused


def _limited(work: Work, one: Candidate) -> Slot | None:
    start, kind = one.cart.slot_start, one.cart.fulfilment
    if start is None or capacity(work, one.store_id, kind) is None:
        return None
    return one.store_id, kind, start
