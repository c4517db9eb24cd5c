"""Somebody has looked at what a till told and the books know otherwise."""

from uuid import UUID

from core import audit, clock
from core.errors import NotFound
from core.supply.permissions import RECONCILE
from core.tills import queries
from core.work import Work

SETTLE = """
UPDATE till_conflict SET settled_at = $3, settled_by = $4, note = $5
WHERE tenant_id = $1 AND id = $2 AND settled_at IS NULL
"""


async def settle(work: Work, conflict_id: UUID | None, note: str) -> bool:
    """Say what was done about it; False where somebody has said so before."""
    found = (await queries.by_ids(work, [conflict_id]))[0] if conflict_id is not None else None
    if found is None or not work.actor.may(RECONCILE.name, found.store_id):
        raise NotFound(what="conflict", path=("input", "conflictId"))
    if not await work.execute(SETTLE, found.id, clock.now(), work.actor.label, note):
        return False
    await audit.record(
        work, "till.settled", "PosConflict", found.id, store_id=found.store_id, after={"kind": found.kind, "note": note}
    )
    return True
