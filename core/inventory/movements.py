"""Why stock on hand changed: an append-only record that adds up to the balance."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from core import clock
from core.ids import new_id
from core.work import Work

SALE = "SALE"
RETURN = "RETURN"
OPENING = "OPENING"
FOUND_AT_TILL = "FOUND_AT_TILL"  #: sold at a till although the books had less: the books were wrong
RECEIPT = "RECEIPT"
COUNT = "COUNT"
TRANSFER_OUT = "TRANSFER_OUT"
TRANSFER_IN = "TRANSFER_IN"
TRANSFER_LOST = "TRANSFER_LOST"  #: sent, and not there when the rest arrived
TRANSFER_BACK = "TRANSFER_BACK"  #: sent, and come back
TAKEN_BACK = "TAKEN_BACK"  #: a buyer has brought it, and it can be sold again
HANDED_OUT = "HANDED_OUT"  #: to a buyer, in place of what was brought back
RECONCILED = "RECONCILED"  #: another system's number was taken for the truth

#: why goods moved; whatever else changes on_hand corrects what the books had wrong, or somebody's own word says why
GOODS_MOVED = frozenset(
    {SALE, RETURN, RECEIPT, TRANSFER_OUT, TRANSFER_IN, TRANSFER_LOST, TRANSFER_BACK, TAKEN_BACK, HANDED_OUT}
)

RECORD = """
INSERT INTO stock_movement (tenant_id, id, location_id, variant_id, delta, reason, order_id, actor, at)
SELECT $1, m.id, m.location_id, m.variant_id, m.delta, m.reason, m.order_id, $8, $9
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::uuid[])
    AS m(id, location_id, variant_id, delta, reason, order_id)
"""


class Movement(NamedTuple):
    """By how much on_hand of a variant changed at a place, and why."""

    location_id: UUID
    variant_id: UUID
    delta: int
    reason: str
    order_id: UUID | None = None


async def record(
    work: Work, reason: str, deltas: Mapping[tuple[UUID, UUID], int], *, order_id: UUID | None = None
) -> None:
    """Write down by how much on_hand changed for one reason, by (location, variant)."""
    record_each(work, [Movement(*place, delta, reason, order_id) for place, delta in sorted(deltas.items())])


def record_each(work: Work, movements: Sequence[Movement]) -> None:
    """Write down what moved, each for a reason of its own."""
    rows = [(new_id(), *one) for one in movements if one.delta]
    if rows:
        work.write(RECORD, *(list(column) for column in zip(*rows, strict=True)), work.actor.label, clock.now())
