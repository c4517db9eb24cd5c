"""Reads of papers and gifts; $1 is the tenant, and one statement answers for any number of parents."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from core.work import Work
from gift_wrap.rows import LineRow, PaperRow

PAPERS = "SELECT id, name FROM gift_wrap_paper WHERE tenant_id = $1 ORDER BY id"
PAPERS_BY_IDS = "SELECT id, name FROM gift_wrap_paper WHERE tenant_id = $1 AND id = any($2::uuid[])"
LINES = """
SELECT cart_id, variant_id, paper_id, card FROM gift_wrap_line
WHERE tenant_id = $1 AND cart_id = any($2::uuid[]) ORDER BY cart_id, variant_id
"""


async def papers(work: Work) -> list[PaperRow]:
    """Every paper, the oldest first."""
    return await work.rows(PaperRow, PAPERS)


async def papers_by_ids(work: Work, ids: Sequence[UUID]) -> list[PaperRow | None]:
    """Papers in the order of their ids."""
    found = {row.id: row for row in await work.rows(PaperRow, PAPERS_BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def lines_of(work: Work, cart_ids: Sequence[UUID]) -> dict[UUID, list[LineRow]]:
    """What of each cart is a gift."""
    found: dict[UUID, list[LineRow]] = defaultdict(list)
    for row in await work.rows(LineRow, LINES, list(set(cart_ids))):
        found[row.cart_id].append(row)
    return found
