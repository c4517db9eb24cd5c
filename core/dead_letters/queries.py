"""Looking through dead letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.database.clauses import Clauses
from core.dead_letters.permissions import READ
from core.dead_letters.rows import DeadLetter
from core.errors import Forbidden
from core.permission import Permission
from core.work import Work

LETTER = "d.id, o.name, o.at, d.subscriber, d.plugin, d.attempts, coalesce(d.error, ''), d.dead_at, o.payload::text"
LETTERS = "delivery d JOIN outbox o ON o.tenant_id = $1 AND o.id = d.event_id"


@dataclass(frozen=True, slots=True)
class Search:
    """Which; None leaves a condition out."""

    plugin: str | None = None
    subscriber: str | None = None
    event: str | None = None


async def page(work: Work, wanted: Search, after: tuple[datetime, UUID] | None, limit: int) -> list[DeadLetter]:
    """Dead letters, those that died last first."""
    require_everywhere(work, READ)
    clauses = _clauses(wanted)
    if after is not None:
        moment, key = clauses.bind(after[0], "timestamptz"), clauses.bind(after[1], "uuid")
        clauses.add(f"(d.dead_at, d.id) < ({moment}, {key})")
    order = f"ORDER BY d.dead_at DESC, d.id DESC LIMIT {clauses.bind(limit, 'bigint')}"
    return await work.rows(DeadLetter, f"SELECT {LETTER} FROM {LETTERS} WHERE {clauses} {order}", *clauses.values)


async def count(work: Work, wanted: Search) -> int:
    """How many there are in all."""
    clauses = _clauses(wanted)
    return int(await work.value(f"SELECT count(*) FROM {LETTERS} WHERE {clauses}", *clauses.values))


def require_everywhere(work: Work, permission: Permission) -> None:
    """Events belong to no store: who may look at those of some stores alone may look at none."""
    if work.actor.stores(permission.name) is not None:
        raise Forbidden(permission=permission.name)


def _clauses(wanted: Search) -> Clauses:
    clauses = Clauses()
    clauses.add("d.tenant_id = $1")
    clauses.add("d.dead_at IS NOT NULL")
    conditions: Sequence[tuple[str, str | None]] = (
        ("d.plugin", wanted.plugin),
        ("d.subscriber", wanted.subscriber),
        ("o.name", wanted.event),
    )
    for column, value in conditions:
        if value is not None:
            clauses.add(f"{column} = {clauses.bind(value, 'text')}")
    return clauses
