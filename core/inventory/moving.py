"""Stock that goes from one place to another: it leaves with the promise, and arrives with a movement of its own."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from core.inventory.movements import HANDED_OUT, TRANSFER_BACK, TRANSFER_IN, TRANSFER_LOST, TRANSFER_OUT, record
from core.inventory.posting import hold, shift
from core.inventory.reserving import Demand, Place, add_reservations, lock, reserve, set_free
from core.work import Work


async def depart(work: Work, location_id: UUID, quantities: Mapping[UUID, int], *, order_id: UUID | None) -> None:
    """Promised goods leave a place: on hand and reserved fall together."""
    await _leave(work, location_id, quantities, TRANSFER_OUT, order_id)


async def hand_out(work: Work, location_id: UUID, quantities: Mapping[UUID, int], *, order_id: UUID) -> None:
    """Promised goods go to a buyer who has brought others back."""
    await _leave(work, location_id, quantities, HANDED_OUT, order_id)


async def _leave(
    work: Work, location_id: UUID, quantities: Mapping[UUID, int], reason: str, order_id: UUID | None
) -> None:
    leaving = {(location_id, variant_id): quantity for variant_id, quantity in quantities.items()}
    await lock(work, leaving)
    await set_free(work, leaving, leaves=True)
    await record(work, reason, {place: -quantity for place, quantity in leaving.items()}, order_id=order_id)


async def arrive(
    work: Work, location_id: UUID, sent: Mapping[UUID, int], lost: Mapping[UUID, int], *, order_id: UUID | None
) -> None:
    """What was sent comes in; what of it is not there is written off at once, with a movement that says so."""
    await hold(work, location_id, sent)
    await shift(work, location_id, sent, TRANSFER_IN, order_id=order_id)
    await shift(work, location_id, {key: -n for key, n in lost.items() if n}, TRANSFER_LOST, order_id=order_id)


async def come_back(work: Work, location_id: UUID, sent: Mapping[UUID, int], *, order_id: UUID | None) -> None:
    """What was sent is on the shelf again that it came from."""
    await hold(work, location_id, sent)
    await shift(work, location_id, sent, TRANSFER_BACK, order_id=order_id)


async def let_be(work: Work, quantities: Mapping[Place, int]) -> None:
    """Promised goods stay where they are, and are for sale again."""
    await lock(work, quantities)
    await set_free(work, quantities)


async def put_aside(work: Work, demand: Demand) -> None:
    """Claim what has arrived for an order before anybody else can: its rows are held since it arrived."""
    if (await reserve(work, [replace(demand, at_shelf=True)]))[0] is not None:
        raise RuntimeError("what has just arrived is not there")
    await add_reservations(work, [demand], state="CLAIMED")
