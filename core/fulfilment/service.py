"""From paid to handed over."""

from datetime import datetime, timedelta
from uuid import UUID

from core import clock, inventory, orders, verification
from core.fulfilment.advancing import HANDED_OVER, complete
from core.fulfilment.queries import of_orders
from core.ids import new_id
from core.orders import OrderLetGo, OrderRow, OrderRules, OrderState
from core.verification import CodeUnknown
from core.work import Work

PICKUP_CODE = "pickup"
DELIVERY = "DELIVERY"

BEGIN = """
INSERT INTO fulfilment (tenant_id, id, order_id, store_id, kind, status, accept_by, slot_start)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
BEGIN_LINES = """
INSERT INTO fulfilment_line (tenant_id, fulfilment_id, order_line_id, quantity)
SELECT $1, $2, l.id, l.quantity FROM sales_order_line l WHERE l.tenant_id = $1 AND l.order_id = $3
"""
ACCEPT_BY = "UPDATE fulfilment SET accept_by = $3 WHERE tenant_id = $1 AND order_id = $2 AND status = 'WAITING'"


async def begin(work: Work, order: OrderRow) -> None:
    """Give a paid order to its store, and its buyer the code to collect it with; one that is held has no deadline."""
    fulfilment_id = new_id()
    accept_by = None if order.held else _accept_by(work, order.store_id)
    await work.execute(
        BEGIN, fulfilment_id, order.id, order.store_id, order.kind, "WAITING", accept_by, order.slot_start
    )
    await work.execute(BEGIN_LINES, fulfilment_id, order.id)
    if order.kind != DELIVERY:
        await verification.issue(work, PICKUP_CODE, order.id, order.store_id)


async def let_go(work: Work, event: OrderLetGo) -> None:
    """Nothing holds the order any more: now its store has its time to accept it."""
    await work.execute(ACCEPT_BY, event.order_id, _accept_by(work, event.store_id))


async def hand_over(work: Work, order_id: UUID) -> UUID:
    """The shopper has shown the code: the goods leave the shelf and the order is complete."""
    order = await orders.lock(work, order_id)
    if order is None:
        raise CodeUnknown(path=("input", "code"))
    if order.status not in HANDED_OVER:
        raise OrderState(status=order.status, path=("input", "code"))
    await orders.require_free(work, order, path=("input", "code"))
    await inventory.consume(work, order.id)
    await complete(work, order, (await of_orders(work, [order.id]))[0])
    return order.id


def _accept_by(work: Work, store_id: UUID) -> datetime:
    return clock.now() + timedelta(minutes=work.rules(OrderRules, store_id).accept_minutes)
