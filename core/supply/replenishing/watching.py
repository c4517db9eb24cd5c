"""Telling of a variant that has run low, once for each time: what has moved is looked at soon, all of it in rounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from core.ids import first_id
from core.supply.events import StockLow
from core.supply.replenishing.queries import FIRST
from core.supply.replenishing.thresholds import thresholds
from core.work import Work

STEP = 500  #: rows that one transaction looks at
LAG = timedelta(seconds=30)  #: an id is made before it is committed; what commits later than that, the round finds
ROUND = timedelta(hours=1)  #: after which all stock is looked at again: what was given back leaves no trace of its own

# A brand is looked at while ids are newer than the last one seen, while a round is under way or when the next is due.
# The newest ids are asked for: whether any is newer would be answered by reading them all where none is.
DUE = """
SELECT 1 WHERE NOT EXISTS (SELECT FROM low_stock_watch WHERE tenant_id = $1)
UNION ALL SELECT 1 FROM low_stock_watch WHERE tenant_id = $1 AND (
    location_id IS NOT NULL OR round_at <= (SELECT app_now())
    OR seen < (SELECT id FROM stock_movement WHERE tenant_id = $1 ORDER BY id DESC LIMIT 1)
    OR seen < (SELECT order_id FROM reservation WHERE tenant_id = $1 ORDER BY order_id DESC LIMIT 1))
"""
# An INSERT that finds the row would wait for whoever is at it.
BEGIN = """
INSERT INTO low_stock_watch (tenant_id, seen, round_at) SELECT $1, $2, $3
WHERE NOT EXISTS (SELECT FROM low_stock_watch WHERE tenant_id = $1) ON CONFLICT DO NOTHING
"""
LOCK = """
SELECT seen, round_at, location_id, variant_id FROM low_stock_watch WHERE tenant_id = $1 FOR UPDATE SKIP LOCKED
"""
KEEP = """
UPDATE low_stock_watch SET seen = $2, round_at = $3, location_id = $4, variant_id = $5 WHERE tenant_id = $1
"""
# With ties: what one order has promised is looked at together.
CHANGED = """
SELECT location_id, variant_id, id FROM (
    SELECT location_id, variant_id, id FROM stock_movement WHERE tenant_id = $1 AND id > $2 AND id < $3
    UNION ALL
    SELECT location_id, variant_id, order_id FROM reservation WHERE tenant_id = $1 AND order_id > $2 AND order_id < $3
) changed ORDER BY id FETCH FIRST $4 ROWS WITH TIES
"""
NEXT = """
SELECT location_id, variant_id FROM stock WHERE tenant_id = $1 AND (location_id, variant_id) > ($2, $3)
ORDER BY location_id, variant_id LIMIT $4
"""
SETTLE = """
WITH looked AS (
    SELECT s.location_id, s.variant_id, s.on_hand - s.reserved AS available,
        coalesce(own.threshold, $4) * v.priced_per AS threshold
    FROM unnest($2::uuid[], $3::uuid[]) AS k(location_id, variant_id)
    JOIN stock s ON s.tenant_id = $1 AND s.location_id = k.location_id AND s.variant_id = k.variant_id
    JOIN variant v ON v.tenant_id = $1 AND v.id = k.variant_id
    LEFT JOIN unnest($5::uuid[], $6::bigint[]) AS own(location_id, threshold) ON own.location_id = k.location_id
), risen AS (
    DELETE FROM low_stock l USING looked k WHERE l.tenant_id = $1 AND l.location_id = k.location_id
        AND l.variant_id = k.variant_id AND k.available > k.threshold
), fallen AS (
    INSERT INTO low_stock (tenant_id, location_id, variant_id, since)
    SELECT $1, k.location_id, k.variant_id, $7 FROM looked k WHERE k.available <= k.threshold
    ON CONFLICT DO NOTHING RETURNING location_id, variant_id
)
SELECT k.location_id, k.variant_id, k.available, k.threshold
FROM fallen JOIN looked k USING (location_id, variant_id) ORDER BY k.location_id, k.variant_id
"""


@dataclass(slots=True)
class Watch:
    """How far a brand's stock was looked at."""

    seen: UUID
    round_at: datetime
    location_id: UUID | None
    variant_id: UUID | None


async def watch(work: Work) -> int:
    """Look at a part of what has moved, else at a part of a round; returns how many rows that was."""
    now = clock.now()
    await work.execute(BEGIN, first_id(now - LAG), now)
    found = await work.row(Watch, LOCK)
    if found is None:  # somebody else is at it
        return 0
    looked = await _look_at_changes(work, found, now) or await _look_around(work, found, now)
    await work.execute(KEEP, found.seen, found.round_at, found.location_id, found.variant_id)
    return looked


async def _look_at_changes(work: Work, found: Watch, now: datetime) -> int:
    """What moved while nobody looked for longer than a round takes is left to the round."""
    since, until = max(found.seen, first_id(now - ROUND)), first_id(now - LAG)
    rows = await work.fetch(CHANGED, since, until, STEP)
    found.seen = rows[-1]["id"] if len(rows) >= STEP else max(until, since)
    await settle(work, {(row["location_id"], row["variant_id"]) for row in rows}, now)
    return len(rows)


async def _look_around(work: Work, found: Watch, now: datetime) -> int:
    if found.location_id is None:
        if found.round_at > now:
            return 0
        found.round_at = now + ROUND
    rows = await work.fetch(NEXT, found.location_id or FIRST, found.variant_id or FIRST, STEP)
    found.location_id, found.variant_id = rows[-1] if len(rows) == STEP else (None, None)
    await settle(work, map(tuple, rows), now)
    return len(rows)


async def settle(work: Work, keys: Iterable[tuple[UUID, UUID]], now: datetime) -> None:
    """Remember what has fallen and tell of it; forget what has risen."""
    looked = sorted(keys)
    if not looked:
        return
    columns = [place for place, _ in looked], [variant for _, variant in looked]
    for row in await work.fetch(SETTLE, *columns, *thresholds(work), now):
        work.emit(StockLow(**row))
