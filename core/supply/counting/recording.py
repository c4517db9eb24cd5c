"""Noting what was counted: only beside the number that the books had at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import audit, clock, inventory
from core.errors import Invalid, NotFound
from core.inventory import MOST
from core.supply.counting.queries import LINES_NAMED, LOCK
from core.supply.counting.rows import CountLineRow, StockCountRow
from core.supply.errors import StockCountClosed
from core.supply.permissions import COUNT
from core.supply.reaching import goods
from core.work import Work

MOST_LINES = 500
RECORDED, STALE = "RECORDED", "STALE"
_COUNT, _LINES = ("input", "stockCountId"), ("input", "lines")

# A variant that was not expected there is added: whoever finds something counts it.
NOTE = """
INSERT INTO stock_count_line (tenant_id, stock_count_id, variant_id, expected, counted, seen, counted_at, counted_by)
SELECT $1, $2, l.variant_id, 0, l.counted, l.seen, $6, $7
FROM unnest($3::uuid[], $4::bigint[], $5::bigint[]) AS l(variant_id, counted, seen)
ON CONFLICT (tenant_id, stock_count_id, variant_id) DO UPDATE SET counted = excluded.counted, seen = excluded.seen,
    counted_at = excluded.counted_at, counted_by = excluded.counted_by
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody counted, when the books were thought to say `expected`."""

    variant_id: UUID | None
    counted: int
    expected: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of it: RECORDED, or STALE with what the books say now."""

    variant_id: UUID
    outcome: str
    on_hand: int


async def record(work: Work, count_id: UUID, lines: Sequence[Counted]) -> list[Recorded]:
    """Note what was counted; a line whose number of the books has changed is left, and has to be counted again.

    The stock is held while it is compared: a sale is before the count or after it, and never in between.
    """
    found = await lock(work, count_id, COUNT.name)
    if found.status != "OPEN":
        raise StockCountClosed(path=_COUNT)
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid(reason=f"1 to {MOST_LINES} lines are recorded at once.", path=_LINES)
    if any(not 0 <= line.counted <= MOST for line in lines):
        raise Invalid(reason=f"A count lies between 0 and {MOST}.", path=(*_LINES, "counted"))
    named = await goods(work, [line.variant_id for line in lines], (*_LINES, "variantId"))
    told = {one.id: line for one, line in zip(named, lines, strict=True)}
    held = await inventory.hold(work, found.location_id, told)
    known = {row.variant_id: row for row in await work.rows(CountLineRow, LINES_NAMED, found.id, list(told))}
    fresh = {key: line for key, line in told.items() if line.expected == held[key].on_hand}
    await _note(work, found.id, fresh)
    await audit.record_if_staff(
        work, "stock_count.recorded", "StockCount", found.id, store_id=found.location_id, after={"lines": len(fresh)}
    )
    return [
        Recorded(key, RECORDED if key in fresh or _is_noted(known.get(key), line) else STALE, held[key].on_hand)
        for key, line in told.items()
    ]


async def lock(work: Work, count_id: UUID, permission: str) -> StockCountRow:
    """A count at a place that the permission reaches, held for the rest of the transaction."""
    found = await work.row(StockCountRow, LOCK, [count_id])
    if found is None or not work.actor.may(permission, found.location_id):
        raise NotFound(what="stock count", path=_COUNT)
    return found


async def _note(work: Work, count_id: UUID, fresh: dict[UUID, Counted]) -> None:
    if fresh:
        columns = [list(fresh), [one.counted for one in fresh.values()], [one.expected for one in fresh.values()]]
        await work.execute(NOTE, count_id, *columns, clock.now(), work.actor.label)


def _is_noted(there: CountLineRow | None, line: Counted) -> bool:
    """Whether this was recorded before: who repeats what was not answered is not told to count again."""
    return there is not None and (there.counted, there.seen) == (line.counted, line.expected)
