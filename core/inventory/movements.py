"""Why stock on hand changed: an append-only record that adds up to the balance."""

from collections.abc import Mapping
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
SELECT $1, m.id, m.location_id, m.variant_id, m.delta, $6, $7, $8, $9
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[]) AS m(id, location_id, variant_id, delta)
"""


async def record(
    work: Work, reason: str, deltas: Mapping[tuple[UUID, UUID], int], *, order_id: UUID | None = None
) -> None:
    """Write down by how much on_hand changed, by (location, variant)."""
    places = sorted(place for place, delta in deltas.items() if delta)
    if not places:
        return
    columns = [new_id() for _ in places], [p[0] for p in places], [p[1] for p in places], [deltas[p] for p in places]
    work.write(RECORD, *columns, reason, order_id, work.actor.label, clock.now())
