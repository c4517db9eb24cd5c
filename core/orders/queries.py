"""Reads of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from core.actors import ActorKind
from core.database.clauses import Clauses
from core.orders.access import readable, readable_by_number
from core.orders.formerly import had_by
from core.orders.permissions import READ
from core.orders.rows import OrderEventRow, OrderLineRow, OrderPartRow, OrderRow
from core.work import Work

WRITTEN = """id, number, store_id, member_id, kind, status, payment_status, contact, address, slot_start, note,
    currency, items, discounts, fees, delivery, points, payable, refunded, reserved_until, placed_at, cart_id, held,
    also_at"""
ORDER = ", ".join(f"o.{column.strip()}" for column in WRITTEN.split(","))
LINE = """l.id, l.order_id, l.variant_id, l.quantity, l.unit_price, l.total, l.paid, l.refunded_quantity,
    l.refunded_amount, o.currency, coalesce(l.store_id, o.store_id)"""
BY_IDS = f"SELECT {ORDER} FROM sales_order o WHERE o.tenant_id = $1 AND o.id = any($2::uuid[])"
LOCK = f"SELECT {ORDER} FROM sales_order o WHERE o.tenant_id = $1 AND o.id = $2 FOR UPDATE"
BY_NUMBER = f"SELECT {ORDER} FROM sales_order o WHERE o.tenant_id = $1 AND o.number = $2"
LINES = f"""
SELECT {LINE} FROM sales_order_line l JOIN sales_order o ON o.tenant_id = $1 AND o.id = l.order_id
WHERE l.tenant_id = $1 AND l.order_id = any($2::uuid[]) ORDER BY l.order_id, l.position
"""
LINES_BY_IDS = f"""
SELECT {LINE} FROM sales_order_line l JOIN sales_order o ON o.tenant_id = $1 AND o.id = l.order_id
WHERE l.tenant_id = $1 AND l.id = any($2::uuid[])
"""
PARTS = """
SELECT order_line_id, variant_id, quantity FROM sales_order_line_part
WHERE tenant_id = $1 AND order_line_id = any($2::uuid[]) ORDER BY order_line_id, position
"""
TIMELINE = """
SELECT order_id, at, name, actor, note FROM order_event
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) ORDER BY order_id, at, id
"""
ONCE = "SELECT h.order_id FROM order_store h WHERE h.tenant_id = $1 AND h.store_id = any({})"

PAGES = f"""
SELECT {ORDER} FROM unnest($2::uuid[]) AS wanted(member_id) CROSS JOIN LATERAL (
    SELECT * FROM sales_order s WHERE s.tenant_id = $1 AND s.member_id = wanted.member_id
    AND ($3::uuid[] IS NULL OR s.store_id = any($3)) AND ($4::uuid IS NULL OR s.id < $4)
    ORDER BY s.id DESC LIMIT $5) o
"""
COUNTS = """
SELECT member_id, count(*) AS number FROM sales_order
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) AND ($3::uuid[] IS NULL OR store_id = any($3)) GROUP BY member_id
"""

#: of each member one order at most is looked for, however many there are
BUYERS = """
SELECT wanted.id FROM unnest($2::uuid[]) AS wanted(id) WHERE EXISTS (
    SELECT FROM sales_order o WHERE o.tenant_id = $1 AND o.member_id = wanted.id
    AND o.status NOT IN ('PENDING_PAYMENT', 'CANCELLED'))
"""

Child = TypeVar("Child", OrderLineRow, OrderEventRow)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders; None leaves a condition out."""

    store_id: UUID | None = None
    statuses: Sequence[str] | None = None
    after: UUID | None = None


async def visible(work: Work, ids: Sequence[UUID]) -> list[OrderRow | None]:
    """Orders in the order of their ids, as far as the actor may see them."""
    rows = await work.rows(OrderRow, BY_IDS, list(set(ids)))
    found = {row.id: row for row in rows if readable(row, work.actor)}
    once = await had_by(work, [row.id for row in rows if row.id not in found])
    found |= {row.id: row for row in rows if row.id in once}
    return [found.get(key) for key in ids]


async def lock(work: Work, order_id: UUID) -> OrderRow | None:
    """An order, held for the rest of the transaction."""
    return await work.row(OrderRow, LOCK, order_id)


async def visible_by_number(work: Work, number: str) -> OrderRow | None:
    """The order with that number, if the actor may see it; never for a guest, since a number is no secret."""
    order = await work.row(OrderRow, BY_NUMBER, number)
    if order is None or readable_by_number(order, work.actor):
        return order
    return order if await had_by(work, [order.id]) else None


async def page(work: Work, wanted: Filter, limit: int) -> list[OrderRow]:
    """Orders of the stores that the actor's orders.read reaches, newest first, and those that have left them."""
    clauses = Clauses()
    branches = [f"SELECT {ORDER} FROM sales_order o WHERE {found}" for found in _branches(work, wanted, clauses)]
    most = clauses.bind(limit, "bigint")
    newest = [f"({branch} ORDER BY o.id DESC LIMIT {most})" for branch in branches]
    both = f"{' UNION ALL '.join(newest)} ORDER BY id DESC LIMIT {most}"
    return await work.rows(OrderRow, both if len(newest) > 1 else newest[0], *clauses.values)


async def count(work: Work, wanted: Filter) -> int:
    """How many of them there are."""
    clauses = Clauses()
    branches = [f"SELECT o.id FROM sales_order o WHERE {found}" for found in _branches(work, wanted, clauses)]
    return int(await work.value(f"SELECT count(*) FROM ({' UNION ALL '.join(branches)}) o", *clauses.values))


def _branches(work: Work, wanted: Filter, clauses: Clauses) -> list[str]:
    """What is looked for: orders of stores, and those that these had once and others have now."""
    stores = work.actor.stores(READ.name)
    if wanted.store_id is not None:
        stores = [wanted.store_id] if stores is None or wanted.store_id in stores else []
    others = _conditions(wanted, clauses)
    if stores is None:
        return [f"o.tenant_id = $1{others}"]
    reached = clauses.bind(stores, "uuid[]")
    return [
        f"o.tenant_id = $1 AND o.store_id = any({reached}){others}",
        f"o.tenant_id = $1 AND o.store_id <> ALL ({reached}) AND o.id = any(ARRAY({ONCE.format(reached)})){others}",
    ]


def _conditions(wanted: Filter, clauses: Clauses) -> str:
    found = ""
    if wanted.statuses is not None:
        found += f" AND o.status = any({clauses.bind(list(wanted.statuses), 'text[]')})"
    if wanted.after is not None:
        found += f" AND o.id < {clauses.bind(wanted.after, 'uuid')}"
    return found


async def pages_of_members(
    work: Work, member_ids: Sequence[UUID], limit: int, *, after: UUID | None = None
) -> list[list[OrderRow]]:
    """The orders of each member that the actor may see, newest first, at most `limit` of each."""
    groups: dict[UUID | None, list[OrderRow]] = {key: [] for key in member_ids}
    for row in await work.rows(OrderRow, PAGES, *_asked(work, member_ids), after, limit):
        groups[row.member_id].append(row)
    return [groups[key] for key in member_ids]


async def counts_of_members(work: Work, member_ids: Sequence[UUID]) -> list[int]:
    """How many orders of each member the actor may see."""
    rows = await work.fetch(COUNTS, *_asked(work, member_ids))
    found: dict[UUID, int] = {row["member_id"]: row["number"] for row in rows}
    return [found.get(key, 0) for key in member_ids]


def _asked(work: Work, member_ids: Sequence[UUID]) -> tuple[list[UUID], list[UUID] | None]:
    """Whose orders, and of which stores: a member asks for their own alone, wherever they were placed."""
    if work.actor.kind == ActorKind.MEMBER:
        return [key for key in member_ids if key == work.actor.id], None
    return list(member_ids), work.actor.stores(READ.name)


async def buyers_among(work: Work, member_ids: Sequence[UUID]) -> set[UUID]:
    """Which of the members have ever bought something; what was cancelled does not count."""
    return {row["id"] for row in await work.fetch(BUYERS, list(set(member_ids)))}


async def lines_of(work: Work, order_ids: Sequence[UUID]) -> list[list[OrderLineRow]]:
    """The lines of each order."""
    return _grouped(order_ids, await work.rows(OrderLineRow, LINES, list(set(order_ids))))


async def lines_by_ids(work: Work, ids: Sequence[UUID]) -> list[OrderLineRow | None]:
    """Order lines in the order of their ids."""
    found = {row.id: row for row in await work.rows(OrderLineRow, LINES_BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def parts_of(work: Work, line_ids: Sequence[UUID]) -> list[list[OrderPartRow]]:
    """What the bundle of each line was made of; nothing for a line that is none."""
    groups: dict[UUID, list[OrderPartRow]] = {key: [] for key in line_ids}
    for row in await work.rows(OrderPartRow, PARTS, list(groups)):
        groups[row.order_line_id].append(row)
    return [groups[key] for key in line_ids]


async def timeline_of(work: Work, order_ids: Sequence[UUID]) -> list[list[OrderEventRow]]:
    """What happened to each order, oldest first."""
    return _grouped(order_ids, await work.rows(OrderEventRow, TIMELINE, list(set(order_ids))))


def _grouped(order_ids: Sequence[UUID], rows: Sequence[Child]) -> list[list[Child]]:
    groups: dict[UUID, list[Child]] = {key: [] for key in order_ids}
    for row in rows:
        groups[row.order_id].append(row)
    return [groups[key] for key in order_ids]
