"""Reads of reconciliations, as far as the actor's stock.read reaches."""

from collections.abc import Sequence
from uuid import UUID

from core.database.clauses import Clauses
from core.inventory import READ
from core.supply.permissions import RECONCILE
from core.supply.reconciling.explaining import Reason
from core.supply.reconciling.rows import DifferenceRow, ReconciliationRow, Total
from core.work import Work

COLUMNS = "r.id, r.location_id, r.taken_at, r.made_at, r.applied, r.lines, r.agreeing"
BY_IDS = f"SELECT {COLUMNS} FROM stock_reconciliation r WHERE r.tenant_id = $1 AND r.id = any($2::uuid[])"
DIFFERENCES = """
SELECT d.* FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
    SELECT n.reconciliation_id, n.position, n.code, n.variant_id, n.ours, n.theirs, n.delta, n.reason, n.posted,
        n.unposted
    FROM stock_difference n WHERE n.tenant_id = $1 AND n.reconciliation_id = wanted.id AND n.position > $3
    ORDER BY n.position LIMIT $4) d
"""
TOTALS = """
SELECT reason, count(*), count(*) FILTER (WHERE posted <> 0 AND unposted = 0), sum(delta)::bigint, sum(posted)::bigint,
    sum(unposted)::bigint
FROM stock_difference WHERE tenant_id = $1 AND reconciliation_id = any($2::uuid[]) GROUP BY reason ORDER BY reason
"""


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[ReconciliationRow | None]:
    """Reconciliations in the order of their ids."""
    rows = await work.rows(ReconciliationRow, BY_IDS, list(set(ids)))
    reached = {row.id: row for row in rows if _sees(work, row.location_id)}
    return [reached.get(key) for key in ids]


async def page(work: Work, location_id: UUID | None, *, after: UUID | None, limit: int) -> list[ReconciliationRow]:
    """Reconciliations, of one place or wherever the actor may read stock, newest first."""
    clauses = _clauses(work, location_id)
    if after is not None:
        clauses.add(f"r.id < {clauses.bind(after, 'uuid')}")
    end = f"ORDER BY r.id DESC LIMIT {clauses.bind(limit, 'bigint')}"
    sql = f"SELECT {COLUMNS} FROM stock_reconciliation r WHERE {clauses} {end}"
    return await work.rows(ReconciliationRow, sql, *clauses.values)


async def count(work: Work, location_id: UUID | None) -> int:
    """How many of them there are."""
    clauses = _clauses(work, location_id)
    return int(await work.value(f"SELECT count(*) FROM stock_reconciliation r WHERE {clauses}", *clauses.values))


async def differences_of(
    work: Work, reconciliation_ids: Sequence[UUID], *, after: int, limit: int
) -> list[list[DifferenceRow]]:
    """A page of what does not agree in each, in the order of the lines."""
    groups: dict[UUID, list[DifferenceRow]] = {key: [] for key in reconciliation_ids}
    for row in await work.rows(DifferenceRow, DIFFERENCES, list(groups), after, limit):
        groups[row.reconciliation_id].append(row)
    return [groups[key] for key in reconciliation_ids]


async def totals(work: Work, reconciliation_ids: Sequence[UUID]) -> list[Total]:
    """What differs in these together, by reason."""
    rows = await work.fetch(TOTALS, list(reconciliation_ids))
    return [Total(Reason(reason), *numbers) for reason, *numbers in rows]


def _sees(work: Work, location_id: UUID) -> bool:
    return any(work.actor.may(one.name, location_id) for one in (READ, RECONCILE))


def _clauses(work: Work, location_id: UUID | None) -> Clauses:
    clauses = Clauses()
    clauses.add("r.tenant_id = $1")
    places = work.actor.stores(READ.name)
    if places is not None:
        clauses.add(f"r.location_id = any({clauses.bind(places, 'uuid[]')})")
    if location_id is not None:
        clauses.add(f"r.location_id = {clauses.bind(location_id, 'uuid')}")
    return clauses
