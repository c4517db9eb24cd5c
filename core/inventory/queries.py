"""Reads of stock."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import asyncpg

from core.inventory.rows import StockRow
from core.inventory.sellable import RULES_OF, SELLABLE, rules_in_sql, sellable, stock_at
from core.work import Work

AT_LOCATION = """
SELECT variant_id, on_hand, reserved FROM stock
WHERE tenant_id = $1 AND location_id = $2 AND variant_id = any($3::uuid[])
"""
EVERYWHERE = f"""
SELECT s.variant_id, sum(s.on_hand)::bigint AS on_hand, sum(s.reserved)::bigint AS reserved,
    sum({SELLABLE})::bigint AS sellable
FROM stock s {RULES_OF}
WHERE s.tenant_id = $1 AND s.variant_id = any($2::uuid[]) GROUP BY s.variant_id
"""
# The same as far as anybody asks: of so many places that have something each adds at least one, so that no more of them
# have to be read to know that there are so many.
UP_TO = f"""
SELECT w.variant_id, sum(c.on_hand)::bigint AS on_hand, sum(c.reserved)::bigint AS reserved,
    least(sum(c.sellable), $8::bigint)::bigint AS sellable
FROM unnest($2::uuid[]) AS w(variant_id) CROSS JOIN LATERAL (
    SELECT s.on_hand, s.reserved, {SELLABLE} AS sellable FROM stock s {RULES_OF}
    WHERE s.tenant_id = $1 AND s.variant_id = w.variant_id AND {SELLABLE} > 0 LIMIT $8
) c GROUP BY w.variant_id
"""
AVAILABLE = """
SELECT location_id, variant_id, on_hand, reserved FROM stock
WHERE tenant_id = $1 AND location_id = any($2::uuid[]) AND variant_id = any($3::uuid[]) AND on_hand > reserved
"""


async def at_location(work: Work, location_id: UUID, variant_ids: Sequence[UUID]) -> list[StockRow]:
    """The stock of each variant at one place."""
    rows = await work.fetch(AT_LOCATION, location_id, list(set(variant_ids)))
    found = {key: stock_at(work, location_id, on_hand, reserved) for key, on_hand, reserved in rows}
    return [found.get(key, StockRow(0, 0, location_id, 0)) for key in variant_ids]


async def everywhere(work: Work, variant_ids: Sequence[UUID]) -> list[StockRow]:
    """The stock of each variant over all places together: reads every place that ever had it."""
    rows = await work.fetch(EVERYWHERE, list(set(variant_ids)), *rules_in_sql(work))
    return _together(rows, variant_ids)


async def up_to(work: Work, variant_ids: Sequence[UUID], most: int) -> list[StockRow]:
    """What is sellable of each over all places, told up to that number; on hand is of the places that were read."""
    rows = await work.fetch(UP_TO, list(set(variant_ids)), *rules_in_sql(work), most)
    return _together(rows, variant_ids)


def _together(rows: Iterable["asyncpg.Record"], variant_ids: Sequence[UUID]) -> list[StockRow]:
    found = {row["variant_id"]: StockRow(row["on_hand"], row["reserved"], None, row["sellable"]) for row in rows}
    return [found.get(key, StockRow(0, 0, None, 0)) for key in variant_ids]


async def available(
    work: Work, location_ids: Iterable[UUID], variant_ids: Iterable[UUID]
) -> dict[tuple[UUID, UUID], int]:
    """What can still be promised, by (location, variant); what is missing here is not to be had."""
    rows = await work.fetch(AVAILABLE, list(location_ids), list(set(variant_ids)))
    free = {(place, key): sellable(work, place, on_hand, reserved) for place, key, on_hand, reserved in rows}
    return {place: quantity for place, quantity in free.items() if quantity}
