"""Writing the log: in the transaction that it tells of, so that neither is there without the other."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import orjson

from core import clock
from core.actors import ActorKind
from core.ids import new_id
from core.work import Work

WRITE = """
INSERT INTO audit_entry (tenant_id, id, at, actor_kind, actor_id, actor_name, on_behalf_of, address, request_id,
    action, subject_type, subject_id, store_id, before, after)
SELECT $1, e.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, e.subject_id, e.store_id, $11::text::jsonb, e.after::jsonb
FROM unnest($12::uuid[], $13::uuid[], $14::uuid[], $15::text[]) AS e(id, subject_id, store_id, after)
"""
_ON_THE_LOG = (ActorKind.STAFF, ActorKind.APP)
Facts = Mapping[str, object]  #: what changed, never anything personal or secret


async def record(
    work: Work,
    action: str,
    subject_type: str,
    subject_id: UUID | None,
    *,
    store_id: UUID | None = None,
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Write down that this Work's actor did something to a thing, in a store where it belongs to one."""
    await _write(work, action, subject_type, [(subject_id, store_id, after)], before)


async def record_if_staff(
    work: Work,
    action: str,
    subject_type: str,
    subject_id: UUID,
    *,
    store_id: UUID | None,
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """The same where staff or an app has done it; what buyers and Hexmart itself do, an order's timeline tells."""
    if work.actor.kind in _ON_THE_LOG:
        await record(work, action, subject_type, subject_id, store_id=store_id, before=before, after=after)


async def record_each(
    work: Work, action: str, subject_type: str, subjects: Sequence[UUID], *, after: Facts | None = None
) -> None:
    """Write down that this Work's actor did the same to several things, an entry for each."""
    await _write(work, action, subject_type, [(subject, None, after) for subject in subjects])


async def record_each_if_staff(
    work: Work, action: str, subject_type: str, subjects: Mapping[UUID, Facts], *, store_id: UUID
) -> None:
    """The same in one store, each with facts of its own, where staff or an app has done it."""
    if work.actor.kind in _ON_THE_LOG:
        await _write(work, action, subject_type, [(key, store_id, facts) for key, facts in subjects.items()])


async def record_readings(
    work: Work, action: str, subject_type: str, subjects: Sequence[tuple[UUID, UUID | None]]
) -> None:
    """Write down that things were seen in full: each with the store it belongs to."""
    await _write(work, action, subject_type, [(*subject, None) for subject in subjects])


async def _write(
    work: Work,
    action: str,
    subject_type: str,
    subjects: Sequence[tuple[UUID | None, UUID | None, Facts | None]],
    before: Facts | None = None,
) -> None:
    actor, origin = work.actor, work.actor.origin
    who = (str(actor.kind), actor.id, actor.name, actor.on_behalf_of, origin.address, origin.request_id)
    rows = [(new_id(), subject, store, _json(after)) for subject, store, after in subjects]
    columns = (list(column) for column in zip(*rows, strict=True))
    await work.execute(WRITE, clock.now(), *who, action, subject_type, _json(before), *columns)


def _json(facts: Facts | None) -> str | None:
    return orjson.dumps(facts, default=str).decode() if facts is not None else None
