"""What happens to the order when its goods leave the store and when they are at the door."""

from core import fulfilment
from core.deliveries.parcels import part_of
from core.deliveries.rows import ShipmentRow
from core.deliveries.writing import trouble
from core.errors import DomainError
from core.work import Work

_TO_THE_DOOR = {"ACCEPTED": ("ready", "dispatch"), "PREPARING": ("ready", "dispatch"), "READY": ("dispatch",)}
_GONE = ("DISPATCHED", "DONE")


async def leave(work: Work, shipment: ShipmentRow) -> None:
    """The courier has the goods: the order is on its way, and they are off the shelf, once."""
    await _advance(work, shipment, _TO_THE_DOOR, _GONE)


async def complete(work: Work, shipment: ShipmentRow) -> None:
    """The buyer has them."""
    await _advance(work, shipment, {"DISPATCHED": ("complete",)}, ("DONE",))


async def _advance(work: Work, shipment: ShipmentRow, steps: dict[str, tuple[str, ...]], done: tuple[str, ...]) -> None:
    """Take the steps that are left; where the order cannot have them, people have to see to it."""
    part = await part_of(work, shipment.fulfilment_id)
    if part.status in done:
        return
    try:
        async with work.savepoint():
            for step in steps.get(part.status, ("dispatch",)):
                await fulfilment.advance(work, part.order_id, step, fulfilment_id=part.id)
    except DomainError as refusal:
        await trouble(work, shipment, refusal.code)
