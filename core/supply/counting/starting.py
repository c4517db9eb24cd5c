"""Beginning a count: which variants are to be counted, and what the books say of them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import audit, catalog, clock
from core.errors import Invalid, NotFound
from core.supply.permissions import COUNT
from core.supply.reaching import goods, place
from core.work import Work

MOST_NAMED = 1_000  #: variants in a list

START = """
INSERT INTO stock_count (tenant_id, id, location_id, note, started_at) VALUES ($1, $2, $3, $4, $5)
"""
# Everything that was ever there, or of it what lies in a category and in those below it.
ALL = """
INSERT INTO stock_count_line (tenant_id, stock_count_id, variant_id, expected)
SELECT $1, $2, variant_id, on_hand FROM stock WHERE tenant_id = $1 AND location_id = $3
"""
OF_CATEGORY = """
WITH RECURSIVE below AS (
    SELECT c.id FROM category c WHERE c.tenant_id = $1 AND c.id = $4
    UNION SELECT c.id FROM below b JOIN category c ON c.tenant_id = $1 AND c.parent_id = b.id
)
INSERT INTO stock_count_line (tenant_id, stock_count_id, variant_id, expected)
SELECT $1, $2, v.id, coalesce(s.on_hand, 0)
FROM below b JOIN product p ON p.tenant_id = $1 AND p.category_id = b.id
JOIN variant v ON v.tenant_id = $1 AND v.product_id = p.id AND NOT v.bundle
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = $3 AND s.variant_id = v.id
"""
NAMED = """
INSERT INTO stock_count_line (tenant_id, stock_count_id, variant_id, expected)
SELECT $1, $2, wanted.id, coalesce(s.on_hand, 0) FROM unnest($4::uuid[]) AS wanted(id)
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = $3 AND s.variant_id = wanted.id
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted, and where: what a category has, what a list names, or without either all that was ever there."""

    location_id: UUID | None
    category_id: UUID | None = None
    variant_ids: Sequence[UUID | None] | None = None
    note: str | None = None


async def start(work: Work, scope: Scope, count_id: UUID) -> None:
    """Begin a count, under an id that the caller has chosen."""
    if scope.category_id is not None and scope.variant_ids is not None:
        raise Invalid(reason="Give either categoryId or variantIds.", path=("input", "categoryId"))
    location = await place(work, COUNT, scope.location_id)
    await work.execute(START, count_id, location, scope.note, clock.now())
    lines = await _write_lines(work, scope, location, count_id)
    await audit.record_if_staff(
        work, "stock_count.started", "StockCount", count_id, store_id=location, after={"lines": lines}
    )


async def _write_lines(work: Work, scope: Scope, location: UUID, count_id: UUID) -> int:
    if scope.category_id is not None:
        if (await catalog.categories_by_ids(work, [scope.category_id]))[0] is None:
            raise NotFound(what="category", path=("input", "categoryId"))
        return await work.execute(OF_CATEGORY, count_id, location, scope.category_id)
    if scope.variant_ids is None:
        return await work.execute(ALL, count_id, location)
    if not 1 <= len(scope.variant_ids) <= MOST_NAMED:
        raise Invalid(reason=f"A list names 1 to {MOST_NAMED} variants.", path=("input", "variantIds"))
    named = await goods(work, scope.variant_ids, ("input", "variantIds"))
    return await work.execute(NAMED, count_id, location, [variant.id for variant in named])
