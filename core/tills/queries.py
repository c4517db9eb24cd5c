"""Reads of what differs, as far as the actor's stores reach."""

from collections.abc import Sequence
from uuid import UUID

from core.database.clauses import Clauses
from core.orders import RECORD_SALE
from core.tills.rows import ConflictRow
from core.work import Work

COLUMNS = """c.id, c.store_id, c.reference, c.kind, c.variant_id, c.order_id, c.facts::text, c.found_at, c.settled_at,
    c.note"""
BY_IDS = f"SELECT {COLUMNS} FROM till_conflict c WHERE c.tenant_id = $1 AND c.id = any($2::uuid[])"
OF_REFERENCES = f"""
SELECT {COLUMNS} FROM till_conflict c
WHERE c.tenant_id = $1 AND c.store_id = $2 AND c.reference = any($3::text[]) ORDER BY c.id
"""


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[ConflictRow | None]:
    """Conflicts in the order of their ids."""
    rows = await work.rows(ConflictRow, BY_IDS, list(set(ids)))
    found = {row.id: row for row in rows if work.actor.may(RECORD_SALE.name, row.store_id)}
    return [found.get(key) for key in ids]


async def of_references(work: Work, store_id: UUID, references: Sequence[str]) -> dict[str, list[ConflictRow]]:
    """What was found of sales of a store, by their references."""
    groups: dict[str, list[ConflictRow]] = {}
    for row in await work.rows(ConflictRow, OF_REFERENCES, store_id, list(references)):
        groups.setdefault(row.external_reference, []).append(row)
    return groups


async def page(
    work: Work, store_id: UUID | None, *, settled: bool | None, after: UUID | None, limit: int
) -> list[ConflictRow]:
    """Conflicts of one store or of all that the actor records sales of, newest first."""
    clauses = _clauses(work, store_id, settled)
    if after is not None:
        clauses.add(f"c.id < {clauses.bind(after, 'uuid')}")
    end = f"ORDER BY c.id DESC LIMIT {clauses.bind(limit, 'bigint')}"
    return await work.rows(ConflictRow, f"SELECT {COLUMNS} FROM till_conflict c WHERE {clauses} {end}", *clauses.values)


async def count(work: Work, store_id: UUID | None, *, settled: bool | None) -> int:
    """How many of them there are."""
    clauses = _clauses(work, store_id, settled)
    return int(await work.value(f"SELECT count(*) FROM till_conflict c WHERE {clauses}", *clauses.values))


def _clauses(work: Work, store_id: UUID | None, settled: bool | None) -> Clauses:
    clauses = Clauses()
    clauses.add("c.tenant_id = $1")
    stores = work.actor.stores(RECORD_SALE.name)
    if stores is not None:
        clauses.add(f"c.store_id = any({clauses.bind(stores, 'uuid[]')})")
    if store_id is not None:
        clauses.add(f"c.store_id = {clauses.bind(store_id, 'uuid')}")
    if settled is not None:
        clauses.add(f"c.settled_at IS {'NOT ' if settled else ''}NULL")
    return clauses
