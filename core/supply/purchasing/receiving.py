"""Taking goods in: what came well is on hand at once, what came damaged is still owed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import audit, clock, inventory
from core.errors import Invalid, NotFound
from core.supply.errors import OverReceipt, PurchaseOrderState
from core.supply.events import GoodsReceived
from core.supply.permissions import RECEIVE
from core.supply.purchasing.ordering import MOST_LINES, end, lock
from core.supply.purchasing.queries import LINES
from core.supply.purchasing.rows import PurchaseLineRow, PurchaseOrderRow
from core.supply.reaching import MOST_OF_A_LINE, goods, place
from core.supply.rules import SupplyRules
from core.work import Work

OPEN = ("ORDERED", "PARTLY_RECEIVED")
_LINES = ("input", "lines")

WRITE = """
INSERT INTO receipt (tenant_id, id, purchase_order_id, location_id, reference, received_at, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
WRITE_LINES = """
INSERT INTO receipt_line (tenant_id, receipt_id, variant_id, received, damaged)
SELECT $1, $2, l.* FROM unnest($3::uuid[], $4::bigint[], $5::bigint[]) AS l(variant_id, received, damaged)
"""
# Whoever holds the order's row alone counts its lines up; the bound is what the tolerance allows.
COUNT_UP = """
UPDATE purchase_order_line l SET received = l.received + r.received, damaged = l.damaged + r.damaged
FROM unnest($3::uuid[], $4::bigint[], $5::bigint[]) AS r(variant_id, received, damaged)
WHERE l.tenant_id = $1 AND l.purchase_order_id = $2 AND l.variant_id = r.variant_id
  AND l.received + r.received <= l.quantity + l.quantity * $6::bigint / 100
"""
ADVANCE = """
UPDATE purchase_order SET status = 'PARTLY_RECEIVED' WHERE tenant_id = $1 AND id = $2
"""


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    variant_id: UUID | None
    received: int  #: fit for sale
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a delivery has brought: of a purchase order, to whose place it goes, or without one to a named place."""

    lines: Sequence[ArrivalLine]
    purchase_order_id: UUID | None = None
    location_id: UUID | None = None
    reference: str | None = None


async def receive(work: Work, arrival: Arrival, receipt_id: UUID) -> None:
    """Write a delivery down, under an id that the caller has chosen, and put what is fit for sale on the shelf."""
    if (arrival.purchase_order_id is None) == (arrival.location_id is None):
        raise Invalid(reason="Give either purchaseOrderId or locationId.", path=("input", "purchaseOrderId"))
    order = await _open_order(work, arrival.purchase_order_id) if arrival.purchase_order_id is not None else None
    location = order.location_id if order else await place(work, RECEIVE, arrival.location_id)
    _check(arrival.lines)
    variants = await goods(work, [line.variant_id for line in arrival.lines], (*_LINES, "variantId"))
    brought = {one.id: line for one, line in zip(variants, arrival.lines, strict=True)}
    now, key = clock.now(), order.id if order else None
    await work.execute(WRITE, receipt_id, key, location, arrival.reference, now, work.actor.label)
    await work.execute(WRITE_LINES, receipt_id, *_columns(brought))
    if order is not None:
        await _count_up(work, order, brought)
    received = {variant: line.received for variant, line in brought.items() if line.received}
    await inventory.hold(work, location, received)
    await inventory.shift(work, location, received, inventory.RECEIPT)
    work.emit(GoodsReceived(receipt_id=receipt_id, location_id=location, purchase_order_id=key))
    facts = {"lines": len(brought), "purchase_order": key}
    await audit.record_if_staff(work, "stock.received", "Receipt", receipt_id, store_id=location, after=facts)


def _check(lines: Sequence[ArrivalLine]) -> None:
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid(reason=f"A receipt has 1 to {MOST_LINES} lines.", path=_LINES)
    for line in lines:
        if min(line.received, line.damaged) < 0 or not 1 <= line.received + line.damaged <= MOST_OF_A_LINE:
            reason = f"Of a line, 1 to {MOST_OF_A_LINE} have come, none of them less than 0."
            raise Invalid(reason=reason, path=(*_LINES, "received"))


async def _open_order(work: Work, order_id: UUID) -> PurchaseOrderRow:
    order = await lock(work, order_id, RECEIVE.name)
    if order.status not in OPEN:
        raise PurchaseOrderState(status=order.status, path=("input", "purchaseOrderId"))
    return order


async def _count_up(work: Work, order: PurchaseOrderRow, brought: Mapping[UUID, ArrivalLine]) -> None:
    """Note on the order, which is held, what has come, and end it with the last of it."""
    tolerance = work.rules(SupplyRules, order.location_id).over_receipt_percent
    lines = {line.variant_id: line for line in await work.rows(PurchaseLineRow, LINES, [order.id])}
    for variant, line in brought.items():
        _check_owed(lines.get(variant), line.received, tolerance)
    if await work.execute(COUNT_UP, order.id, *_columns(brought), tolerance) != len(brought):
        raise RuntimeError("a purchase order changed under a lock")
    left = [max(one.outstanding - (brought[key].received if key in brought else 0), 0) for key, one in lines.items()]
    if not any(left):
        await end(work, order, "RECEIVED", clock.now())
    elif any(line.received for line in brought.values()):
        await work.execute(ADVANCE, order.id)


def _check_owed(line: PurchaseLineRow | None, more: int, tolerance: int) -> None:
    if line is None:
        raise NotFound(what="variant in this purchase order", path=(*_LINES, "variantId"))
    if line.received + more > line.quantity + line.quantity * tolerance // 100:
        facts = {"ordered": line.quantity, "received": line.received, "more": more}
        raise OverReceipt(**facts, path=(*_LINES, "received"))


def _columns(brought: Mapping[UUID, ArrivalLine]) -> tuple[list[UUID], list[int], list[int]]:
    keys = sorted(brought)
    return keys, [brought[key].received for key in keys], [brought[key].damaged for key in keys]
