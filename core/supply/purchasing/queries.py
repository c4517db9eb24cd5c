"""Reads of purchasing, as far as the actor's permissions reach: who may do a thing may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from core.database.clauses import Clauses
from core.permission import Permission
from core.supply.permissions import PURCHASING_MANAGE, PURCHASING_READ, RECEIVE
from core.supply.purchasing.rows import PurchaseLineRow, PurchaseOrderRow, ReceiptLineRow, ReceiptRow, SupplierRow
from core.work import Work

SUPPLIER = "s.id, s.name, s.contact, s.lead_days, s.active"
ORDER = """o.id, o.number, o.supplier_id, o.location_id, o.status, o.note, o.created_at, o.ordered_at, o.ordered_by,
    o.expected_at, o.ended_at, o.ended_by"""
RECEIPT = "r.id, r.purchase_order_id, r.location_id, r.reference, r.received_at"

SUPPLIERS_BY_IDS = f"SELECT {SUPPLIER} FROM supplier s WHERE s.tenant_id = $1 AND s.id = any($2::uuid[])"
SUPPLIERS = f"""
SELECT {SUPPLIER} FROM supplier s WHERE s.tenant_id = $1 AND s.name > $2 ORDER BY s.name LIMIT $3
"""
SUPPLIER_COUNT = "SELECT count(*) FROM supplier WHERE tenant_id = $1"
ORDERS_BY_IDS = f"SELECT {ORDER} FROM purchase_order o WHERE o.tenant_id = $1 AND o.id = any($2::uuid[])"
LINES = """
SELECT l.purchase_order_id, l.variant_id, l.quantity, l.unit_cost, l.received, l.damaged, v.priced_per
FROM purchase_order_line l JOIN variant v ON v.tenant_id = $1 AND v.id = l.variant_id
WHERE l.tenant_id = $1 AND l.purchase_order_id = any($2::uuid[]) ORDER BY l.purchase_order_id, l.position
"""
RECEIPTS_BY_IDS = f"SELECT {RECEIPT} FROM receipt r WHERE r.tenant_id = $1 AND r.id = any($2::uuid[])"
RECEIPT_LINES = """
SELECT receipt_id, variant_id, received, damaged FROM receipt_line
WHERE tenant_id = $1 AND receipt_id = any($2::uuid[]) ORDER BY receipt_id, variant_id
"""

SEE_ORDERS = (PURCHASING_READ, PURCHASING_MANAGE)
SEE_RECEIPTS = (PURCHASING_READ, RECEIVE)

Placed = TypeVar("Placed", PurchaseOrderRow, ReceiptRow)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which purchase orders; None leaves a condition out."""

    location_id: UUID | None = None
    supplier_id: UUID | None = None
    statuses: Sequence[str] | None = None


async def suppliers_by_ids(work: Work, ids: Sequence[UUID]) -> list[SupplierRow | None]:
    """Suppliers in the order of their ids; they are the brand's, for whoever may read of purchasing anywhere."""
    rows = await work.rows(SupplierRow, SUPPLIERS_BY_IDS, list(set(ids)))
    found = {row.id: row for row in rows if any(work.actor.may(one.name) for one in SEE_ORDERS)}
    return [found.get(key) for key in ids]


async def page_of_suppliers(work: Work, *, after: str, limit: int) -> list[SupplierRow]:
    """Suppliers by name."""
    return await work.rows(SupplierRow, SUPPLIERS, after, limit)


async def count_suppliers(work: Work) -> int:
    """How many there are."""
    return int(await work.value(SUPPLIER_COUNT))


async def orders_by_ids(work: Work, ids: Sequence[UUID]) -> list[PurchaseOrderRow | None]:
    """Purchase orders in the order of their ids."""
    return _visible(work, ids, await work.rows(PurchaseOrderRow, ORDERS_BY_IDS, list(set(ids))), SEE_ORDERS)


async def page_of_orders(work: Work, wanted: OrderFilter, *, after: UUID | None, limit: int) -> list[PurchaseOrderRow]:
    """Purchase orders, newest first."""
    clauses = _of_orders(work, wanted)
    return await work.rows(
        PurchaseOrderRow, _page(clauses, "o", ORDER, "purchase_order", after, limit), *clauses.values
    )


async def count_orders(work: Work, wanted: OrderFilter) -> int:
    """How many of them there are."""
    clauses = _of_orders(work, wanted)
    return int(await work.value(f"SELECT count(*) FROM purchase_order o WHERE {clauses}", *clauses.values))


async def lines_of(work: Work, order_ids: Sequence[UUID]) -> list[list[PurchaseLineRow]]:
    """The lines of each purchase order."""
    groups: dict[UUID, list[PurchaseLineRow]] = {key: [] for key in order_ids}
    for row in await work.rows(PurchaseLineRow, LINES, list(groups)):
        groups[row.purchase_order_id].append(row)
    return [groups[key] for key in order_ids]


async def receipts_by_ids(work: Work, ids: Sequence[UUID]) -> list[ReceiptRow | None]:
    """Receipts in the order of their ids."""
    return _visible(work, ids, await work.rows(ReceiptRow, RECEIPTS_BY_IDS, list(set(ids))), SEE_RECEIPTS)


async def page_of_receipts(work: Work, location_id: UUID | None, *, after: UUID | None, limit: int) -> list[ReceiptRow]:
    """Receipts, at one place or wherever the actor may see them, newest first."""
    clauses = _of_receipts(work, location_id)
    return await work.rows(ReceiptRow, _page(clauses, "r", RECEIPT, "receipt", after, limit), *clauses.values)


async def count_receipts(work: Work, location_id: UUID | None) -> int:
    """How many of them there are."""
    clauses = _of_receipts(work, location_id)
    return int(await work.value(f"SELECT count(*) FROM receipt r WHERE {clauses}", *clauses.values))


async def receipt_lines_of(work: Work, receipt_ids: Sequence[UUID]) -> list[list[ReceiptLineRow]]:
    """What each receipt brought."""
    groups: dict[UUID, list[ReceiptLineRow]] = {key: [] for key in receipt_ids}
    for row in await work.rows(ReceiptLineRow, RECEIPT_LINES, list(groups)):
        groups[row.receipt_id].append(row)
    return [groups[key] for key in receipt_ids]


def _visible(work: Work, ids: Sequence[UUID], rows: Sequence[Placed], by: Sequence[Permission]) -> list[Placed | None]:
    found = {row.id: row for row in rows if any(work.actor.may(one.name, row.location_id) for one in by)}
    return [found.get(key) for key in ids]


def _of_orders(work: Work, wanted: OrderFilter) -> Clauses:
    clauses = Clauses()
    clauses.add("o.tenant_id = $1")
    _narrow(work, clauses, "o.location_id", wanted.location_id)
    if wanted.supplier_id is not None:
        clauses.add(f"o.supplier_id = {clauses.bind(wanted.supplier_id, 'uuid')}")
    if wanted.statuses is not None:
        clauses.add(f"o.status = any({clauses.bind(list(wanted.statuses), 'text[]')})")
    return clauses


def _of_receipts(work: Work, location_id: UUID | None) -> Clauses:
    clauses = Clauses()
    clauses.add("r.tenant_id = $1")
    _narrow(work, clauses, "r.location_id", location_id)
    return clauses


def _narrow(work: Work, clauses: Clauses, column: str, location_id: UUID | None) -> None:
    places = work.actor.stores(PURCHASING_READ.name)
    if places is not None:
        clauses.add(f"{column} = any({clauses.bind(places, 'uuid[]')})")
    if location_id is not None:
        clauses.add(f"{column} = {clauses.bind(location_id, 'uuid')}")


def _page(clauses: Clauses, alias: str, columns: str, table: str, after: UUID | None, limit: int) -> str:
    if after is not None:
        clauses.add(f"{alias}.id < {clauses.bind(after, 'uuid')}")
    end = clauses.bind(limit, "bigint")
    return f"SELECT {columns} FROM {table} {alias} WHERE {clauses} ORDER BY {alias}.id DESC LIMIT {end}"
