"""Changing what is on hand, each time with a movement that says why."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core import audit
from core.errors import Invalid, NotFound, Stale
from core.inventory.movements import RETURN
from core.inventory.posting import MOST, hold, shift
from core.work import Work

PLACE = "SELECT 1 FROM location WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody found: a difference, or a number counted when `expected` was thought to be there."""

    reason: str
    delta: int | None = None
    counted: int | None = None
    expected: int | None = None


async def correct(work: Work, location_id: UUID, variant_id: UUID, found: Correction) -> None:
    """Bring the books in line with the shelf; never below what is promised."""
    if (found.delta is None) == (found.counted is None):
        raise Invalid(reason="Give either delta or countedTo.", path=("input", "delta"))
    if await work.value(PLACE, location_id) is None:
        raise NotFound(what="location", path=("input", "locationId"))
    held = (await hold(work, location_id, [variant_id]))[variant_id]
    on_hand, reserved = held.on_hand, held.reserved
    if found.expected is not None and found.expected != on_hand:
        raise Stale(path=("input", "expectedOnHand"))
    target = on_hand + found.delta if found.delta is not None else found.counted
    assert target is not None
    if not reserved <= target <= MOST:
        name = "delta" if found.counted is None else "countedTo"
        reason = f"On hand is {on_hand}, of which {reserved} are promised: it cannot become {target}."
        raise Invalid(reason=reason, path=("input", name))
    if target != on_hand:
        await shift(work, location_id, {variant_id: target - on_hand}, found.reason)
        was, became = {"on_hand": on_hand}, {"on_hand": target}
        await audit.record_if_staff(
            work, "stock.adjusted", "ProductVariant", variant_id, store_id=location_id, before=was, after=became
        )


async def return_to_shelf(work: Work, location_id: UUID, quantities: Mapping[UUID, int], *, order_id: UUID) -> None:
    """Goods that came back are for sale again."""
    await hold(work, location_id, quantities)
    await shift(work, location_id, quantities, RETURN, order_id=order_id)
