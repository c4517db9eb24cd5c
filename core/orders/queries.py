"""Reads of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from core.database.clauses import Clauses
from core.orders.rows import OrderEventRow, OrderLineRow, OrderRow
from core.work import Work

ORDER = """o.id, o.number, o.store_id, o.member_id, o.kind, o.status, o.payment_status, o.contact, o.address,
    o.slot_start, o.note, o.currency, o.items, o.discounts, o.delivery, o.points, o.payable, o.refunded,
    o.reserved_until, o.placed_at, o.cart_id"""
LINE = """l.id, l.order_id, l.variant_id, l.quantity, l.unit_price, l.total, l.paid, l.refunded_quantity,
    l.refunded_amount, o.currency"""
BY_IDS = f"SELECT {ORDER} FROM sales_order o WHERE o.tenant_id = $1 AND o.id = any($2::uuid[])"
LOCK = f"{BY_IDS} ORDER BY o.id FOR UPDATE"
BY_NUMBER = f"SELECT {ORDER} FROM sales_order o WHERE o.tenant_id = $1 AND o.number = $2"
LINES = f"""
SELECT {LINE} FROM sales_order_line l JOIN sales_order o ON o.tenant_id = $1 AND o.id = l.order_id
WHERE l.tenant_id = $1 AND l.order_id = any($2::uuid[]) ORDER BY l.order_id, l.position
"""
LINES_BY_IDS = f"""
SELECT {LINE} FROM sales_order_line l JOIN sales_order o ON o.tenant_id = $1 AND o.id = l.order_id
WHERE l.tenant_id = $1 AND l.id = any($2::uuid[])
"""
TIMELINE = """
SELECT order_id, at, name, actor, note FROM order_event
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) ORDER BY order_id, at, id
"""

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

Child = TypeVar("Child", OrderLineRow, OrderEventRow)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders; stores None means every store."""

    stores: Sequence[UUID] | None = None
    statuses: Sequence[str] | None = None
    after: UUID | None = None


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[OrderRow | None]:
    """Orders in the order of their ids."""
    found = {row.id: row for row in await work.rows(OrderRow, BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def lock(work: Work, order_id: UUID) -> OrderRow | None:
    """An order, held for the rest of the transaction."""
    return await work.row(OrderRow, LOCK, [order_id])


async def by_number(work: Work, number: str) -> OrderRow | None:
    """The order with that number."""
    return await work.row(OrderRow, BY_NUMBER, number)


async def page(work: Work, wanted: Filter, limit: int) -> list[OrderRow]:
    """Orders, newest first."""
    clauses = _clauses(wanted)
    if wanted.after is not None:
        clauses.add(f"o.id < {clauses.bind(wanted.after, 'uuid')}")
    order = f"ORDER BY o.id DESC LIMIT {clauses.bind(limit, 'bigint')}"
    return await work.rows(OrderRow, f"SELECT {ORDER} FROM sales_order o WHERE {clauses} {order}", *clauses.values)


async def count(work: Work, wanted: Filter) -> int:
    """How many orders there are."""
    clauses = _clauses(wanted)
    return int(await work.value(f"SELECT count(*) FROM sales_order o WHERE {clauses}", *clauses.values))


def _clauses(wanted: Filter) -> Clauses:
    clauses = Clauses()
    clauses.add("o.tenant_id = $1")
    if wanted.stores is not None:
        clauses.add(f"o.store_id = any({clauses.bind(list(wanted.stores), 'uuid[]')})")
    if wanted.statuses is not None:
        clauses.add(f"o.status = any({clauses.bind(list(wanted.statuses), 'text[]')})")
    return clauses


async def pages_of_members(
    work: Work, member_ids: Sequence[UUID], limit: int, *, stores: Sequence[UUID] | None, after: UUID | None = None
) -> list[list[OrderRow]]:
    """The orders of each member, newest first, at most `limit` of each; of these stores, None: of all."""
    groups: dict[UUID | None, list[OrderRow]] = {key: [] for key in member_ids}
    for row in await work.rows(OrderRow, PAGES, list(member_ids), stores, after, limit):
        groups[row.member_id].append(row)
    return [groups[key] for key in member_ids]


async def counts_of_members(work: Work, member_ids: Sequence[UUID], *, stores: Sequence[UUID] | None) -> list[int]:
    """How many orders each member has."""
    rows = await work.fetch(COUNTS, list(member_ids), stores)
    found: dict[UUID, int] = {row["member_id"]: row["number"] for row in rows}
    return [found.get(key, 0) for key in member_ids]


async def lines_of(work: Work, order_ids: Sequence[UUID]) -> list[list[OrderLineRow]]:
    """The lines of each order."""
    return _grouped(order_ids, await work.rows(OrderLineRow, LINES, list(set(order_ids))))


async def lines_by_ids(work: Work, ids: Sequence[UUID]) -> list[OrderLineRow | None]:
    """Order lines in the order of their ids."""
    found = {row.id: row for row in await work.rows(OrderLineRow, LINES_BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def timeline_of(work: Work, order_ids: Sequence[UUID]) -> list[list[OrderEventRow]]:
    """What happened to each order, oldest first."""
    return _grouped(order_ids, await work.rows(OrderEventRow, TIMELINE, list(set(order_ids))))


def _grouped(order_ids: Sequence[UUID], rows: Sequence[Child]) -> list[list[Child]]:
    groups: dict[UUID, list[Child]] = {key: [] for key in order_ids}
    for row in rows:
        groups[row.order_id].append(row)
    return [groups[key] for key in order_ids]
