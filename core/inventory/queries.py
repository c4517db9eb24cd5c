"""Reads of stock."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from core.inventory.rows import StockRow
from core.work import Work

if TYPE_CHECKING:
    import asyncpg

AT_LOCATION = """
SELECT variant_id, on_hand, reserved FROM stock
WHERE tenant_id = $1 AND location_id = $2 AND variant_id = any($3::uuid[])
"""
EVERYWHERE = """
SELECT variant_id, sum(on_hand)::bigint AS on_hand, sum(reserved)::bigint AS reserved FROM stock
WHERE tenant_id = $1 AND variant_id = any($2::uuid[]) GROUP BY variant_id
"""
AVAILABLE = """
SELECT location_id, variant_id, on_hand - reserved AS free FROM stock
WHERE tenant_id = $1 AND location_id = any($2::uuid[]) AND variant_id = any($3::uuid[]) AND on_hand > reserved
"""


async def at_location(work: Work, location_id: UUID, variant_ids: Sequence[UUID]) -> list[StockRow]:
    """The stock of each variant at one place."""
    return _stocks(await work.fetch(AT_LOCATION, location_id, list(set(variant_ids))), variant_ids, location_id)


async def everywhere(work: Work, variant_ids: Sequence[UUID]) -> list[StockRow]:
    """The stock of each variant over all places together."""
    return _stocks(await work.fetch(EVERYWHERE, list(set(variant_ids))), variant_ids, None)


def _stocks(rows: "Iterable[asyncpg.Record]", variant_ids: Sequence[UUID], location_id: UUID | None) -> list[StockRow]:
    found = {row["variant_id"]: StockRow(row["on_hand"], row["reserved"], location_id) for row in rows}
    nothing = StockRow(0, 0, location_id)
    return [found.get(key, nothing) for key in variant_ids]


async def available(
    work: Work, location_ids: Iterable[UUID], variant_ids: Iterable[UUID]
) -> dict[tuple[UUID, UUID], int]:
    """What can still be promised, by (location, variant); what is missing here is not to be had."""
    rows = await work.fetch(AVAILABLE, list(location_ids), list(set(variant_ids)))
    return {(row["location_id"], row["variant_id"]): row["free"] for row in rows}
