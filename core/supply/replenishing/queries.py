"""What is low at a place, by its stock as it is now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.supply.replenishing.thresholds import threshold
from core.work import Work

LOW = """stock s JOIN variant v ON v.tenant_id = $1 AND v.id = s.variant_id
WHERE s.tenant_id = $1 AND s.location_id = $2 AND s.on_hand - s.reserved <= $3::bigint * v.priced_per"""
PAGE = f"""
SELECT low.*, l.since FROM (
    SELECT s.location_id, s.variant_id, s.on_hand - s.reserved AS available, $3::bigint * v.priced_per AS threshold
    FROM {LOW} AND s.variant_id > $4 ORDER BY s.variant_id LIMIT $5
) low LEFT JOIN low_stock l
    ON l.tenant_id = $1 AND l.location_id = low.location_id AND l.variant_id = low.variant_id
ORDER BY low.variant_id
"""
COUNT = f"SELECT count(*) FROM {LOW}"
FIRST = UUID(int=0)


@dataclass(slots=True)
class LowStockRow:
    location_id: UUID
    variant_id: UUID
    available: int  #: what nobody has been promised
    threshold: int  #: at how much it is low
    since: datetime | None  #: when it was seen to be; None: it has not been yet


async def page(work: Work, location_id: UUID, *, after: UUID | None, limit: int) -> list[LowStockRow]:
    """What is low at a place, in the order of the variants' ids."""
    return await work.rows(LowStockRow, PAGE, location_id, threshold(work, location_id), after or FIRST, limit)


async def count(work: Work, location_id: UUID) -> int:
    """How many variants are low there."""
    return int(await work.value(COUNT, location_id, threshold(work, location_id)))
