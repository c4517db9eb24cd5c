"""Changing what is on hand, each time with a movement that says why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core import audit
from core.errors import Invalid, NotFound, Stale
from core.inventory.movements import FOUND_AT_TILL, RETURN, SALE, record
from core.work import Work

MOST = 1_000_000_000  #: on hand of one variant at one place

PLACE = "SELECT 1 FROM location WHERE tenant_id = $1 AND id = $2"
ENSURE = """
INSERT INTO stock (tenant_id, location_id, variant_id, on_hand)
SELECT $1, $2, wanted.variant_id, 0 FROM unnest($3::uuid[]) AS wanted(variant_id) ORDER BY wanted.variant_id
ON CONFLICT DO NOTHING
"""
LOCKED = """
SELECT variant_id, on_hand, reserved FROM stock
WHERE tenant_id = $1 AND location_id = $2 AND variant_id = any($3::uuid[]) ORDER BY variant_id FOR UPDATE
"""
SHIFT = """
UPDATE stock s SET on_hand = s.on_hand + d.delta FROM unnest($3::uuid[], $4::bigint[]) AS d(variant_id, delta)
WHERE s.tenant_id = $1 AND s.location_id = $2 AND s.variant_id = d.variant_id
  AND s.on_hand + d.delta BETWEEN s.reserved AND 1000000000
"""


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
    on_hand, reserved = (await _locked(work, location_id, [variant_id]))[variant_id]
    if found.expected is not None and found.expected != on_hand:
        raise Stale(path=("input", "expectedOnHand"))
    target = on_hand + found.delta if found.delta is not None else found.counted
    assert target is not None
    if not reserved <= target <= MOST:
        name = "delta" if found.counted is None else "countedTo"
        reason = f"On hand is {on_hand}, of which {reserved} are promised: it cannot become {target}."
        raise Invalid(reason=reason, path=("input", name))
    if target != on_hand:
        await _shift(work, location_id, {variant_id: target - on_hand}, found.reason)
        was, became = {"on_hand": on_hand}, {"on_hand": target}
        await audit.record_if_staff(
            work, "stock.adjusted", "ProductVariant", variant_id, store_id=location_id, before=was, after=became
        )


async def sell(work: Work, location_id: UUID, quantities: Mapping[UUID, int], *, order_id: UUID) -> None:
    """Goods sold over the counter leave at once; what the books did not know of is found first."""
    locked = await _locked(work, location_id, quantities)
    free = {key: on_hand - reserved for key, (on_hand, reserved) in locked.items()}
    found = {key: wanted - free[key] for key, wanted in quantities.items() if wanted > free[key]}
    await _shift(work, location_id, found, FOUND_AT_TILL, order_id)
    await _shift(work, location_id, {key: -quantity for key, quantity in quantities.items()}, SALE, order_id)


async def return_to_shelf(work: Work, location_id: UUID, quantities: Mapping[UUID, int], *, order_id: UUID) -> None:
    """Goods that came back are for sale again."""
    await _locked(work, location_id, quantities)
    await _shift(work, location_id, quantities, RETURN, order_id)


async def _locked(work: Work, location_id: UUID, variant_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """On hand and reserved, held until the end of the transaction; what was never there before stands at 0."""
    wanted = sorted(variant_ids)
    await work.execute(ENSURE, location_id, wanted)
    rows = await work.fetch(LOCKED, location_id, wanted)
    return {row["variant_id"]: (row["on_hand"], row["reserved"]) for row in rows}


async def _shift(
    work: Work, location_id: UUID, deltas: Mapping[UUID, int], reason: str, order_id: UUID | None = None
) -> None:
    """Change rows that are locked, and say why."""
    if not deltas:
        return
    variants = sorted(deltas)
    if await work.execute(SHIFT, location_id, variants, [deltas[key] for key in variants]) != len(variants):
        raise RuntimeError("stock would fall below what is promised")
    await record(work, reason, {(location_id, key): delta for key, delta in deltas.items()}, order_id=order_id)
