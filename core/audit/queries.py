"""Searching the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.audit.permissions import READ
from core.audit.rows import AuditEntry
from core.database.clauses import Clauses
from core.work import Work

ENTRY = """id, at, actor_kind, actor_id, actor_name, on_behalf_of, address, request_id, action, subject_type,
    subject_id, store_id, before::text, after::text"""


@dataclass(frozen=True, slots=True)
class Search:
    """Which entries; None leaves a condition out."""

    actor: tuple[str, UUID] | None = None  #: kind and id
    subject: tuple[str, UUID] | None = None  #: type and id
    store_id: UUID | None = None
    actions: Sequence[str] | None = None
    since: datetime | None = None  #: this moment and later
    until: datetime | None = None  #: before this moment
    after: UUID | None = None


async def page(work: Work, wanted: Search, limit: int) -> list[AuditEntry]:
    """What was done, newest first, as far as the actor's audit.read reaches."""
    clauses = _clauses(work, wanted)
    order = f"ORDER BY id DESC LIMIT {clauses.bind(limit, 'bigint')}"
    return await work.rows(AuditEntry, f"SELECT {ENTRY} FROM audit_entry WHERE {clauses} {order}", *clauses.values)


async def count(work: Work, wanted: Search) -> int:
    """How many entries there are in all."""
    clauses = _clauses(work, wanted)
    return int(await work.value(f"SELECT count(*) FROM audit_entry WHERE {clauses}", *clauses.values))


def _clauses(work: Work, wanted: Search) -> Clauses:
    clauses = Clauses()
    clauses.add("tenant_id = $1")
    reach = work.actor.stores(READ.name)
    if reach is not None:
        clauses.add(f"store_id = any({clauses.bind(reach, 'uuid[]')})")
    for condition, value, kind in (
        ("actor_kind = {}", wanted.actor and wanted.actor[0], "text"),
        ("actor_id = {}", wanted.actor and wanted.actor[1], "uuid"),
        ("subject_type = {}", wanted.subject and wanted.subject[0], "text"),
        ("subject_id = {}", wanted.subject and wanted.subject[1], "uuid"),
        ("store_id = {}", wanted.store_id, "uuid"),
        ("action = any({})", wanted.actions, "text[]"),
        ("at >= {}", wanted.since, "timestamptz"),
        ("at < {}", wanted.until, "timestamptz"),
        ("id < {}", wanted.after, "uuid"),
    ):
        if value is not None:
            clauses.add(condition.format(clauses.bind(value, kind)))
    return clauses
