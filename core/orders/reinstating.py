"""An order that expired and is paid after all: it has what it had again, where that is still to be had."""

from core import inventory
from core.orders import telling
from core.orders.events import OrderReinstated
from core.orders.machine import REINSTATED
from core.orders.reclaiming import reserve
from core.orders.rows import OrderRow
from core.orders.slots import has_room
from core.work import Work

# What is paid is paid in this transaction: the minute only has to be in the future.
KEEP = """
UPDATE sales_order SET reserved_until = app_now() + interval '1 minute'
WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING_PAYMENT'
"""
HOLD_AGAIN = """
UPDATE order_hold h SET ended_at = NULL FROM sales_order o
WHERE h.tenant_id = $1 AND h.order_id = $2 AND o.tenant_id = $1 AND o.id = $2 AND h.ended_at = o.expired_at
"""
# Only time has ended it: what somebody has cancelled stays so. What was to come from elsewhere has been called off.
REINSTATE = f"""
UPDATE sales_order o SET status = '{REINSTATED.to}', payment_status = 'PENDING', expired_at = NULL,
    reserved_until = app_now() + interval '1 minute', held = EXISTS (
        SELECT FROM order_hold h WHERE h.tenant_id = $1 AND h.order_id = o.id AND h.ended_at IS NULL)
WHERE o.tenant_id = $1 AND o.id = $2 AND o.status IN {REINSTATED.among} AND o.expired_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM transfer t WHERE t.tenant_id = $1 AND t.order_id = o.id)
"""


class _Gone(Exception):
    """Something of it belongs to somebody else by now: what was taken again is to be undone."""


async def keep(work: Work, order: OrderRow) -> bool:
    """Have a locked order whose time is over keep what it has, or have again what it had; False where that is gone."""
    if await work.execute(KEEP, order.id):
        return True  # no sweep has come by: nobody else can have had it
    try:
        async with work.savepoint():
            await _reinstate(work, order)
    except _Gone:
        return False
    await telling.tell(work, [order.id], "reinstated")
    work.emit(OrderReinstated(order_id=order.id, store_id=order.store_id))
    return True


async def _reinstate(work: Work, order: OrderRow) -> None:
    """Claims before stock, as when it was placed."""
    await work.execute(HOLD_AGAIN, order.id)
    if not await work.execute(REINSTATE, order.id) or not await work.hooks.claim_again(work, order.id):
        raise _Gone
    if not await has_room(work, order, order.store_id):
        raise _Gone
    if any(await reserve(work, await inventory.given_back(work, order.id))):
        raise _Gone
    await inventory.reopen(work, order.id)
