"""Reads of returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.actors import Actor, ActorKind
from core.database.clauses import Clauses
from core.returns.permissions import READ
from core.returns.rows import ReturnLineRow, ReturnRow
from core.work import Work

RETURN = """r.id, r.order_id, r.store_id, r.kind, r.status, r.reason, r.note, r.at_fault, r.answer, r.tracking_number,
    r.refund_id, r.amount, r.freight, r.requested_at, r.due_at, r.ended_at, r.moved_by, o.store_id, o.member_id,
    o.currency"""
WITH_ORDER = "sales_return r JOIN sales_order o ON o.tenant_id = $1 AND o.id = r.order_id"
BY_IDS = f"SELECT {RETURN} FROM {WITH_ORDER} WHERE r.tenant_id = $1 AND r.id = any($2::uuid[])"
OF_ORDERS = f"SELECT {RETURN} FROM {WITH_ORDER} WHERE r.tenant_id = $1 AND r.order_id = any($2::uuid[]) ORDER BY r.id"
LINES = """
SELECT l.return_id, l.order_line_id, s.variant_id, l.quantity, l.replacement_id, l.received, l.received_id, l.sellable,
    l.refunded
FROM sales_return_line l JOIN sales_order_line s ON s.tenant_id = $1 AND s.id = l.order_line_id
WHERE l.tenant_id = $1 AND l.return_id = any($2::uuid[]) ORDER BY l.return_id, s.position
"""


@dataclass(frozen=True, slots=True)
class ReturnFilter:
    """Which returns; None leaves a condition out."""

    store_id: UUID | None = None  #: that takes the goods
    statuses: Sequence[str] | None = None
    after: UUID | None = None


def owned(found: ReturnRow, actor: Actor) -> bool:
    """Whether the actor is the buyer; a guest is whoever knows the ids of a guest's order and return."""
    if found.member_id is not None:
        return actor.kind == ActorKind.MEMBER and actor.id == found.member_id
    return actor.kind in (ActorKind.ANONYMOUS, ActorKind.MEMBER)


def readable(found: ReturnRow, actor: Actor) -> bool:
    """Whether the actor may see it: the buyer, staff of the store that takes it and of the one that sold the goods."""
    if owned(found, actor):
        return True
    return any(actor.may(READ.name, store) for store in (found.store_id, found.sold_by))


async def by_id(work: Work, return_id: UUID) -> ReturnRow | None:
    """A return, whoever asks."""
    return await work.row(ReturnRow, BY_IDS, [return_id])


async def visible(work: Work, ids: Sequence[UUID]) -> list[ReturnRow | None]:
    """Returns in the order of their ids, as far as the actor may see them."""
    rows = await work.rows(ReturnRow, BY_IDS, list(set(ids)))
    found = {row.id: row for row in rows if readable(row, work.actor)}
    return [found.get(key) for key in ids]


async def of_orders(work: Work, order_ids: Sequence[UUID]) -> list[list[ReturnRow]]:
    """The returns of each order that the actor may see, oldest first."""
    groups: dict[UUID, list[ReturnRow]] = {key: [] for key in order_ids}
    for row in await work.rows(ReturnRow, OF_ORDERS, list(groups)):
        if readable(row, work.actor):
            groups[row.order_id].append(row)
    return [groups[key] for key in order_ids]


async def lines_of(work: Work, return_ids: Sequence[UUID]) -> list[list[ReturnLineRow]]:
    """The lines of each return."""
    groups: dict[UUID, list[ReturnLineRow]] = {key: [] for key in return_ids}
    for row in await work.rows(ReturnLineRow, LINES, list(groups)):
        groups[row.return_id].append(row)
    return [groups[key] for key in return_ids]


async def page(work: Work, wanted: ReturnFilter, limit: int) -> list[ReturnRow]:
    """Returns that the stores take which the actor's returns.read reaches, newest first."""
    clauses = _clauses(work, wanted)
    if wanted.after is not None:
        clauses.add(f"r.id < {clauses.bind(wanted.after, 'uuid')}")
    order = f"ORDER BY r.id DESC LIMIT {clauses.bind(limit, 'bigint')}"
    return await work.rows(ReturnRow, f"SELECT {RETURN} FROM {WITH_ORDER} WHERE {clauses} {order}", *clauses.values)


async def count(work: Work, wanted: ReturnFilter) -> int:
    """How many of them there are."""
    clauses = _clauses(work, wanted)
    return int(await work.value(f"SELECT count(*) FROM sales_return r WHERE {clauses}", *clauses.values))


def _clauses(work: Work, wanted: ReturnFilter) -> Clauses:
    clauses = Clauses()
    clauses.add("r.tenant_id = $1")
    reach = work.actor.stores(READ.name)
    for stores in (reach, [wanted.store_id] if wanted.store_id is not None else None):
        if stores is not None:
            clauses.add(f"r.store_id = any({clauses.bind(stores, 'uuid[]')})")
    if wanted.statuses is not None:
        clauses.add(f"r.status = any({clauses.bind(list(wanted.statuses), 'text[]')})")
    return clauses
