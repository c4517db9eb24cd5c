"""Purchase orders: drafted, sent to the supplier, and what is left of them cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import audit, clock
from core.errors import Invalid, NotFound
from core.ids import new_reference
from core.supply.errors import PurchaseOrderState
from core.supply.events import PurchaseOrderEnded, PurchaseOrderSubmitted
from core.supply.permissions import PURCHASING_MANAGE
from core.supply.purchasing.queries import ORDERS_BY_IDS, SUPPLIERS_BY_IDS
from core.supply.purchasing.rows import PurchaseOrderRow, SupplierRow
from core.supply.reaching import MOST_OF_A_LINE, goods, place
from core.work import Work

MOST_LINES = 200
CANCELLABLE = ("DRAFT", "ORDERED", "PARTLY_RECEIVED")
_LINES = ("input", "lines")
_SUPPLIER = ("input", "supplierId")

CREATE = """
INSERT INTO purchase_order (tenant_id, id, number, supplier_id, location_id, status, note, created_at)
VALUES ($1, $2, $3, $4, $5, 'DRAFT', $6, $7)
"""
ADD_LINES = """
INSERT INTO purchase_order_line (tenant_id, purchase_order_id, variant_id, position, quantity, unit_cost)
SELECT $1, $2, l.variant_id, l.position, l.quantity, l.unit_cost
FROM unnest($3::uuid[], $4::integer[], $5::bigint[], $6::bigint[]) AS l(variant_id, position, quantity, unit_cost)
"""
LOCK = f"{ORDERS_BY_IDS} FOR UPDATE"
SUBMIT = """
UPDATE purchase_order SET status = 'ORDERED', ordered_at = $3, expected_at = $4, ordered_by = $5
WHERE tenant_id = $1 AND id = $2 AND status = 'DRAFT'
"""
END = "UPDATE purchase_order SET status = $3, ended_at = $4, ended_by = $5 WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class DraftLine:
    variant_id: UUID | None
    quantity: int
    unit_cost: int  #: minor units, for the variant's `priced_per`


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be ordered, from whom and to where."""

    supplier_id: UUID | None
    location_id: UUID | None
    lines: Sequence[DraftLine]
    note: str | None = None


async def create(work: Work, draft: Draft, order_id: UUID) -> None:
    """Write a draft down, under an id that the caller has chosen."""
    location = await place(work, PURCHASING_MANAGE, draft.location_id)
    supplier = await _supplier(work, draft.supplier_id)
    if not 1 <= len(draft.lines) <= MOST_LINES:
        raise Invalid(reason=f"A purchase order has 1 to {MOST_LINES} lines.", path=_LINES)
    if any(not 1 <= line.quantity <= MOST_OF_A_LINE for line in draft.lines):
        raise Invalid(reason=f"A quantity lies between 1 and {MOST_OF_A_LINE}.", path=(*_LINES, "quantity"))
    variants = await goods(work, [line.variant_id for line in draft.lines], (*_LINES, "variantId"))
    now = clock.now()
    await work.execute(CREATE, order_id, f"P{now:%y%m%d}{new_reference(6)}", supplier.id, location, draft.note, now)
    await work.execute(
        ADD_LINES,
        order_id,
        [variant.id for variant in variants],
        list(range(len(variants))),
        [line.quantity for line in draft.lines],
        [line.unit_cost for line in draft.lines],
    )
    await _log(work, "purchase_order.created", order_id, location, "DRAFT")


async def submit(work: Work, order_id: UUID | None) -> bool:
    """Send a draft to its supplier; False where the same actor has sent it already."""
    order = await lock(work, order_id, PURCHASING_MANAGE.name)
    if order.status == "ORDERED" and order.ordered_by == work.actor.label:
        return False
    if order.status != "DRAFT":
        raise PurchaseOrderState(status=order.status, path=("input", "purchaseOrderId"))
    supplier, now = await _supplier(work, order.supplier_id, path=("input", "purchaseOrderId")), clock.now()
    await work.execute(SUBMIT, order.id, now, now + timedelta(days=supplier.lead_days), work.actor.label)
    work.emit(PurchaseOrderSubmitted(purchase_order_id=order.id, location_id=order.location_id))
    await _log(work, "purchase_order.submitted", order.id, order.location_id, "ORDERED", order.status)
    return True


async def cancel(work: Work, order_id: UUID | None) -> bool:
    """Expect nothing more of an order; what has come stays. False where the same actor has cancelled it already."""
    order = await lock(work, order_id, PURCHASING_MANAGE.name)
    if order.status == "CANCELLED" and order.ended_by == work.actor.label:
        return False
    if order.status not in CANCELLABLE:
        raise PurchaseOrderState(status=order.status, path=("input", "purchaseOrderId"))
    await end(work, order, "CANCELLED", clock.now())
    await _log(work, "purchase_order.cancelled", order.id, order.location_id, "CANCELLED", order.status)
    return True


async def end(work: Work, order: PurchaseOrderRow, status: str, now: datetime) -> None:
    """Nothing more will come of an order that is locked."""
    await work.execute(END, order.id, status, now, work.actor.label)
    work.emit(PurchaseOrderEnded(purchase_order_id=order.id, location_id=order.location_id, status=status))


async def lock(work: Work, order_id: UUID | None, permission: str) -> PurchaseOrderRow:
    """A purchase order to a place that the permission reaches, held for the rest of the transaction."""
    order = await work.row(PurchaseOrderRow, LOCK, [order_id]) if order_id is not None else None
    if order is None or not work.actor.may(permission, order.location_id):
        raise NotFound(what="purchase order", path=("input", "purchaseOrderId"))
    return order


async def _supplier(work: Work, supplier_id: UUID | None, path: Sequence[str] = _SUPPLIER) -> SupplierRow:
    found = await work.row(SupplierRow, SUPPLIERS_BY_IDS, [supplier_id]) if supplier_id is not None else None
    if found is None:
        raise NotFound(what="supplier", path=tuple(path))
    if not found.active:
        raise Invalid(reason="Nothing is ordered from this supplier any more.", path=tuple(path))
    return found


async def _log(
    work: Work, action: str, order_id: UUID, location_id: UUID, status: str, before: str | None = None
) -> None:
    was = {"status": before} if before is not None else None
    await audit.record_if_staff(
        work, action, "PurchaseOrder", order_id, store_id=location_id, before=was, after={"status": status}
    )
