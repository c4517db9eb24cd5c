"""From paid to handed over."""

from datetime import datetime, timedelta
from uuid import UUID

from core import clock, verification
from core.carts import SCAN_AND_GO
from core.fulfilment.leaving import PICKUP_CODE, exit_code
from core.ids import new_id
from core.orders import OrderLetGo, OrderRow, OrderRules
from core.work import Work

DELIVERY = "DELIVERY"

BEGIN = """
INSERT INTO fulfilment (tenant_id, id, order_id, store_id, kind, status, accept_by, slot_start)
VALUES ($1, $2, $3, $4, $5, 'WAITING', $6, $7)
"""
CARRY_ALL = """
INSERT INTO fulfilment_line (tenant_id, fulfilment_id, order_line_id, quantity)
SELECT $1, $2, l.id, l.quantity FROM sales_order_line l WHERE l.tenant_id = $1 AND l.order_id = $3
"""
BEGIN_PACKAGES = """
INSERT INTO fulfilment (tenant_id, id, order_id, store_id, kind, status, accept_by, slot_start)
SELECT $1, n.id, $2, n.store_id, $3, 'WAITING', n.accept_by, $4
FROM unnest($5::uuid[], $6::uuid[], $7::timestamptz[]) AS n(id, store_id, accept_by)
"""
CARRY_OWN = """
INSERT INTO fulfilment_line (tenant_id, fulfilment_id, order_line_id, quantity)
SELECT $1, f.id, l.id, l.quantity FROM unnest($3::uuid[], $4::uuid[]) AS f(id, store_id)
JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = $2 AND coalesce(l.store_id, $5) = f.store_id
"""
ACCEPT_BY = """
UPDATE fulfilment SET accept_by = $3
WHERE tenant_id = $1 AND order_id = $2 AND status = 'WAITING' AND kind <> 'SCAN_AND_GO'
"""


async def begin(work: Work, order: OrderRow) -> None:
    """Give a paid order to its store, and to it the code by which its buyer collects it or leaves with it.

    One that is held has no deadline, nor has one whose goods are in the shopper's hands.
    """
    if order.also_at:
        _begin_packages(work, order)
        return
    scanned = order.kind == SCAN_AND_GO
    accept_by = None if order.held or scanned else _accept_by(work, order.store_id)
    fulfilment_id = new_id()
    work.write(BEGIN, fulfilment_id, order.id, order.store_id, order.kind, accept_by, order.slot_start)
    work.write(CARRY_ALL, fulfilment_id, order.id)
    if order.kind != DELIVERY:
        kind = exit_code(work, order.store_id) if scanned else PICKUP_CODE
        order.code = verification.issue(work, kind, order.id, order.store_id)


def _begin_packages(work: Work, order: OrderRow) -> None:
    """The same of an order that comes from several stores: each has a part of its own."""
    ids, places = [new_id() for _ in order.stores], order.stores
    deadlines = [None if order.held else _accept_by(work, place) for place in places]
    work.write(BEGIN_PACKAGES, order.id, order.kind, order.slot_start, ids, places, deadlines)
    work.write(CARRY_OWN, order.id, ids, places, order.store_id)


async def let_go(work: Work, event: OrderLetGo) -> None:
    """Nothing holds the order any more: now its store has its time to accept it."""
    await work.execute(ACCEPT_BY, event.order_id, _accept_by(work, event.store_id))


def _accept_by(work: Work, store_id: UUID) -> datetime:
    return clock.now() + timedelta(minutes=work.rules(OrderRules, store_id).accept_minutes)
