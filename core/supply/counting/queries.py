"""Reads of counts, as far as the actor's stock.count reaches."""

from collections.abc import Sequence
from uuid import UUID

from core.database.clauses import Clauses
from core.supply.counting.rows import CountLineRow, StockCountRow, Summary
from core.supply.permissions import COUNT
from core.work import Work

COLUMNS = "c.id, c.location_id, c.status, c.note, c.started_at, c.closed_at, c.closed_by"
LINE = """l.stock_count_id, l.variant_id, l.expected, l.counted, l.seen, l.counted_at, l.posted, l.unposted,
    l.outcome"""
BY_IDS = f"SELECT {COLUMNS} FROM stock_count c WHERE c.tenant_id = $1 AND c.id = any($2::uuid[])"
LOCK = f"{BY_IDS} FOR UPDATE"
LINES_NAMED = f"""
SELECT {LINE} FROM stock_count_line l
WHERE l.tenant_id = $1 AND l.stock_count_id = $2 AND l.variant_id = any($3::uuid[])
"""
PAGES_OF_LINES = f"""
SELECT {LINE} FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
    SELECT * FROM stock_count_line n WHERE n.tenant_id = $1 AND n.stock_count_id = wanted.id
    AND ($3::uuid IS NULL OR n.variant_id > $3) ORDER BY n.variant_id LIMIT $4) l
"""
SUMMARIES = """
SELECT stock_count_id, count(*) AS lines, count(counted) AS counted,
    count(*) FILTER (WHERE counted = seen) AS agreeing
FROM stock_count_line WHERE tenant_id = $1 AND stock_count_id = any($2::uuid[]) GROUP BY stock_count_id
"""


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[StockCountRow | None]:
    """Counts in the order of their ids."""
    rows = await work.rows(StockCountRow, BY_IDS, list(set(ids)))
    found = {row.id: row for row in rows if work.actor.may(COUNT.name, row.location_id)}
    return [found.get(key) for key in ids]


async def page(work: Work, location_id: UUID | None, *, after: UUID | None, limit: int) -> list[StockCountRow]:
    """Counts, at one place or wherever the actor may count, newest first."""
    clauses = _clauses(work, location_id)
    if after is not None:
        clauses.add(f"c.id < {clauses.bind(after, 'uuid')}")
    end = f"ORDER BY c.id DESC LIMIT {clauses.bind(limit, 'bigint')}"
    return await work.rows(StockCountRow, f"SELECT {COLUMNS} FROM stock_count c WHERE {clauses} {end}", *clauses.values)


async def count(work: Work, location_id: UUID | None) -> int:
    """How many of them there are."""
    clauses = _clauses(work, location_id)
    return int(await work.value(f"SELECT count(*) FROM stock_count c WHERE {clauses}", *clauses.values))


async def lines_of(
    work: Work, count_ids: Sequence[UUID], *, after: UUID | None, limit: int
) -> list[list[CountLineRow]]:
    """A page of each count's lines, by variant."""
    groups: dict[UUID, list[CountLineRow]] = {key: [] for key in count_ids}
    for row in await work.rows(CountLineRow, PAGES_OF_LINES, list(groups), after, limit):
        groups[row.stock_count_id].append(row)
    return [groups[key] for key in count_ids]


async def summaries(work: Work, count_ids: Sequence[UUID]) -> list[Summary]:
    """How much of each count is done, and how much of that was as the books had it."""
    rows = await work.fetch(SUMMARIES, list(set(count_ids)))
    found = {row["stock_count_id"]: Summary(row["lines"], row["counted"], row["agreeing"]) for row in rows}
    return [found.get(key, Summary(0, 0, 0)) for key in count_ids]


async def lines_count(work: Work, count_ids: Sequence[UUID]) -> list[int]:
    """How many lines each count has."""
    return [one.lines for one in await summaries(work, count_ids)]


def _clauses(work: Work, location_id: UUID | None) -> Clauses:
    clauses = Clauses()
    clauses.add("c.tenant_id = $1")
    places = work.actor.stores(COUNT.name)
    if places is not None:
        clauses.add(f"c.location_id = any({clauses.bind(places, 'uuid[]')})")
    if location_id is not None:
        clauses.add(f"c.location_id = {clauses.bind(location_id, 'uuid')}")
    return clauses
