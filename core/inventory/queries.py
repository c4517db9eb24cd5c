"""Reads of stock."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from core.inventory.reserving import Place
from core.inventory.rows import StockRow, whole
from core.inventory.sellable import RULES_OF, SELLABLE, rules_in_sql, sellable, stock_at
from core.work import Work

#: what is asked for, and the stock of it or, of a bundle, of its parts
AT_LOCATION = """
SELECT w.id, coalesce(c.quantity, 1) AS each, coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved
FROM unnest($3::uuid[]) AS w(id)
LEFT JOIN bundle_component c ON c.tenant_id = $1 AND c.bundle_id = w.id
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = $2 AND s.variant_id = coalesce(c.variant_id, w.id)
"""
#: of bundles: a place that has one at least has some of its first part
BUNDLES = f"""
SELECT first.bundle_id AS variant_id, sum(b.on_hand)::bigint AS on_hand, sum(b.on_hand - b.free)::bigint AS reserved,
    least(sum(b.sellable), $8::bigint)::bigint AS sellable
FROM (
    SELECT DISTINCT ON (bundle_id) bundle_id, variant_id FROM bundle_component
    WHERE tenant_id = $1 AND bundle_id = any($2::uuid[]) ORDER BY bundle_id, variant_id
) first CROSS JOIN LATERAL (
    SELECT of_place.* FROM stock f CROSS JOIN LATERAL (
        SELECT min(coalesce(s.on_hand, 0) / c.quantity) AS on_hand, min({SELLABLE} / c.quantity) AS sellable,
            min(coalesce(s.on_hand - s.reserved, 0) / c.quantity) AS free
        FROM bundle_component c
        LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = f.location_id AND s.variant_id = c.variant_id
        {RULES_OF} WHERE c.tenant_id = $1 AND c.bundle_id = first.bundle_id
    ) of_place WHERE f.tenant_id = $1 AND f.variant_id = first.variant_id
    AND ($8::bigint IS NULL OR of_place.sellable > 0) LIMIT $8
) b GROUP BY first.bundle_id
"""
EVERYWHERE = f"""
SELECT s.variant_id, sum(s.on_hand)::bigint AS on_hand, sum(s.reserved)::bigint AS reserved,
    sum({SELLABLE})::bigint AS sellable
FROM stock s {RULES_OF}
WHERE s.tenant_id = $1 AND s.variant_id = any($2::uuid[]) GROUP BY s.variant_id
UNION ALL {BUNDLES}
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
UNION ALL {BUNDLES}
"""
AVAILABLE = """
SELECT location_id, variant_id, on_hand, reserved FROM stock
WHERE tenant_id = $1 AND location_id = any($2::uuid[]) AND variant_id = any($3::uuid[]) AND on_hand > reserved
"""
OFFERED = """
SELECT w.id, coalesce(c.variant_id, w.id) AS part, coalesce(c.quantity, 1) AS each,
    s.location_id, s.on_hand, s.reserved
FROM unnest($3::uuid[]) AS w(id)
LEFT JOIN bundle_component c ON c.tenant_id = $1 AND c.bundle_id = w.id
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = any($2::uuid[])
    AND s.variant_id = coalesce(c.variant_id, w.id) AND s.on_hand > s.reserved
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """What online orders may take at some places; of bundles, of what they are made of."""

    parts: Mapping[UUID, Mapping[UUID, int]]  #: by what was asked for: how many of each part are in one
    free: Mapping[Place, int]

    def has(self, location_id: UUID, wanted: Mapping[UUID, int]) -> int:
        """How many of these things a place has all of, those that come first before the others."""
        taken: Counter[UUID] = Counter()
        had = 0
        for variant_id, quantity in wanted.items():
            parts = {part: each * quantity for part, each in self.parts[variant_id].items()}
            if all(self.free.get((location_id, part), 0) - taken[part] >= many for part, many in parts.items()):
                taken.update(parts)
                had += 1
        return had


async def at_location(work: Work, location_id: UUID, variant_ids: Sequence[UUID]) -> list[StockRow]:
    """The stock of each variant at one place; of a bundle, how many can be made of what is there."""
    parts: dict[UUID, list[tuple[StockRow, int]]] = {key: [] for key in variant_ids}
    for key, each, on_hand, reserved in await work.fetch(AT_LOCATION, location_id, list(parts)):
        parts[key].append((stock_at(work, location_id, on_hand, reserved), each))
    return [whole(parts[key]) for key in variant_ids]


async def everywhere(work: Work, variant_ids: Sequence[UUID]) -> list[StockRow]:
    """The stock of each variant over all places together: reads every place that ever had it."""
    rows = await work.fetch(EVERYWHERE, list(set(variant_ids)), *rules_in_sql(work), None)
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
    """What of goods can still be promised, by (location, variant); what is missing here is not to be had."""
    rows = await work.fetch(AVAILABLE, list(location_ids), list(set(variant_ids)))
    free = {(place, key): sellable(work, place, on_hand, reserved) for place, key, on_hand, reserved in rows}
    return {place: quantity for place, quantity in free.items() if quantity}


async def offered(work: Work, location_ids: Iterable[UUID], variant_ids: Iterable[UUID]) -> Offer:
    """The same of whatever is sold, bundles among it."""
    parts: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    free: dict[Place, int] = {}
    wanted = list(variant_ids)
    for key, part, each, place, on_hand, reserved in (
        await work.fetch(OFFERED, list(location_ids), wanted) if wanted else ()
    ):
        parts[key][part] = each
        if place is not None:
            free[place, part] = sellable(work, place, on_hand, reserved)
    return Offer(parts, free)
