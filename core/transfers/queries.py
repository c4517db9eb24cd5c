"""Reads of transfers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.actors import Actor
from core.database.clauses import Clauses
from core.inventory import READ
from core.transfers.rows import TransferLineRow, TransferRow
from core.work import Work

TRANSFER = """t.id, t.source_id, t.destination_id, t.order_id, t.claim, t.status, t.note, t.requested_at, t.sent_at,
    t.sent_by, t.ended_at, t.ended_by"""
BY_IDS = f"SELECT {TRANSFER} FROM transfer t WHERE t.tenant_id = $1 AND t.id = any($2::uuid[])"
OF_ORDERS = f"SELECT {TRANSFER} FROM transfer t WHERE t.tenant_id = $1 AND t.order_id = any($2::uuid[]) ORDER BY t.id"
LINES = """
SELECT transfer_id, variant_id, quantity, claimed, received FROM transfer_line
WHERE tenant_id = $1 AND transfer_id = any($2::uuid[]) ORDER BY transfer_id, variant_id
"""


@dataclass(frozen=True, slots=True)
class TransferFilter:
    """Which transfers; None leaves a condition out."""

    location_id: UUID | None = None  #: from there or to there
    statuses: Sequence[str] | None = None
    after: UUID | None = None


def readable(transfer: TransferRow, actor: Actor) -> bool:
    """Whether the actor sees the stock at either end."""
    return any(actor.may(READ.name, place) for place in (transfer.source_id, transfer.destination_id))


async def visible(work: Work, ids: Sequence[UUID]) -> list[TransferRow | None]:
    """Transfers in the order of their ids, as far as the actor sees the stock at either end."""
    rows = await work.rows(TransferRow, BY_IDS, list(set(ids)))
    found = {row.id: row for row in rows if readable(row, work.actor)}
    return [found.get(key) for key in ids]


async def of_orders(work: Work, order_ids: Sequence[UUID]) -> list[list[TransferRow]]:
    """The transfers that were made for each order, oldest first."""
    groups: dict[UUID | None, list[TransferRow]] = {key: [] for key in order_ids}
    for row in await work.rows(TransferRow, OF_ORDERS, list(groups)):
        groups[row.order_id].append(row)
    return [groups[key] for key in order_ids]


async def lines_of(work: Work, transfer_ids: Sequence[UUID]) -> list[list[TransferLineRow]]:
    """What each transfer moves."""
    groups: dict[UUID, list[TransferLineRow]] = {key: [] for key in transfer_ids}
    for row in await work.rows(TransferLineRow, LINES, list(groups)):
        groups[row.transfer_id].append(row)
    return [groups[key] for key in transfer_ids]


async def page(work: Work, wanted: TransferFilter, limit: int) -> list[TransferRow]:
    """Transfers from or to the places that the actor's stock.read reaches, newest first."""
    clauses = _clauses(work, wanted)
    if wanted.after is not None:
        clauses.add(f"t.id < {clauses.bind(wanted.after, 'uuid')}")
    order = f"ORDER BY t.id DESC LIMIT {clauses.bind(limit, 'bigint')}"
    return await work.rows(TransferRow, f"SELECT {TRANSFER} FROM transfer t WHERE {clauses} {order}", *clauses.values)


async def count(work: Work, wanted: TransferFilter) -> int:
    """How many of them there are."""
    clauses = _clauses(work, wanted)
    return int(await work.value(f"SELECT count(*) FROM transfer t WHERE {clauses}", *clauses.values))


def _clauses(work: Work, wanted: TransferFilter) -> Clauses:
    clauses = Clauses()
    clauses.add("t.tenant_id = $1")
    reach = work.actor.stores(READ.name)
    for places in (reach, [wanted.location_id] if wanted.location_id is not None else None):
        if places is not None:
            either = clauses.bind(places, "uuid[]")
            clauses.add(f"(t.source_id = any({either}) OR t.destination_id = any({either}))")
    if wanted.statuses is not None:
        clauses.add(f"t.status = any({clauses.bind(list(wanted.statuses), 'text[]')})")
    return clauses
