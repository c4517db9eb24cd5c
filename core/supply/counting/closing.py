"""Ending a count: what differs becomes movements, as far as promises leave it, and the rest is said line by line."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from core import audit, clock, inventory
from core.ids import first_id
from core.inventory import COUNT as REASON
from core.inventory import GOODS_MOVED, StockRow
from core.supply.counting.recording import lock
from core.supply.counting.rows import StockCountRow
from core.supply.errors import StockCountClosed
from core.supply.events import StockCounted
from core.supply.permissions import CLOSE_COUNT
from core.work import Work

AGREED, POSTED, PROMISED, ADJUSTED = "AGREED", "POSTED", "PROMISED", "ADJUSTED"

DIFFERING = """
SELECT variant_id FROM stock_count_line WHERE tenant_id = $1 AND stock_count_id = $2 AND counted <> seen
"""
# What moved since is no matter, since a difference is posted and not a number. Who has set the number since, by another
# count or by hand, may have meant the same goods.
SINCE = """
SELECT l.variant_id, l.counted - l.seen AS difference, m.changes, m.changed
FROM stock_count_line l CROSS JOIN LATERAL (
    SELECT count(*) AS changes, coalesce(sum(n.delta), 0)::bigint AS changed FROM stock_movement n
    WHERE n.tenant_id = $1 AND n.location_id = $3 AND n.variant_id = l.variant_id AND n.id >= $4
    AND n.at > l.counted_at AND n.reason <> ALL ($5::text[])) m
WHERE l.tenant_id = $1 AND l.stock_count_id = $2 AND l.counted <> l.seen
"""
SETTLE = """
UPDATE stock_count_line l SET outcome = o.outcome, posted = o.posted, unposted = o.unposted
FROM unnest($3::uuid[], $4::text[], $5::bigint[], $6::bigint[]) AS o(variant_id, outcome, posted, unposted)
WHERE l.tenant_id = $1 AND l.stock_count_id = $2 AND l.variant_id = o.variant_id
"""
AGREE = """
UPDATE stock_count_line SET outcome = 'AGREED', posted = 0, unposted = 0
WHERE tenant_id = $1 AND stock_count_id = $2 AND counted = seen
"""
CLOSE = """
UPDATE stock_count SET status = 'CLOSED', closed_at = $3, closed_by = $4 WHERE tenant_id = $1 AND id = $2
"""
Outcome = tuple[UUID, str, int, int]  #: variant, what became of it, posted and unposted


async def close(work: Work, count_id: UUID) -> None:
    """Post what differs and say what could not be posted; nothing more is counted."""
    found = await lock(work, count_id, CLOSE_COUNT.name)
    if found.status != "OPEN":
        raise StockCountClosed(path=("input", "stockCountId"))
    differing = [row["variant_id"] for row in await work.fetch(DIFFERING, found.id)]
    held = await inventory.hold(work, found.location_id, differing)
    since = (found.location_id, first_id(found.started_at), sorted(GOODS_MOVED))
    outcomes = [_outcome(row, held) for row in await work.fetch(SINCE, found.id, *since)]
    posted = {variant: delta for variant, _, delta, _ in outcomes if delta}
    await inventory.shift(work, found.location_id, posted, REASON)
    await _settle(work, found, outcomes)
    work.emit(StockCounted(stock_count_id=found.id, location_id=found.location_id))
    facts = {"posted": len(posted), "unposted": sum(1 for *_, left in outcomes if left)}
    await audit.record_if_staff(
        work, "stock_count.closed", "StockCount", found.id, store_id=found.location_id, after=facts
    )


def _outcome(row: "asyncpg.Record", held: dict[UUID, StockRow]) -> Outcome:
    variant, left = row["variant_id"], row["difference"] - row["changed"]
    if row["changes"] and left:
        return variant, ADJUSTED, 0, left
    if not left:
        return variant, AGREED, 0, 0
    fits = inventory.fitting(held[variant], left)
    return variant, POSTED if fits == left else PROMISED, fits, left - fits


async def _settle(work: Work, found: StockCountRow, outcomes: Sequence[Outcome]) -> None:
    if outcomes:
        await work.execute(SETTLE, found.id, *(list(column) for column in zip(*outcomes, strict=True)))
    await work.execute(AGREE, found.id)
    await work.execute(CLOSE, found.id, clock.now(), work.actor.label)
