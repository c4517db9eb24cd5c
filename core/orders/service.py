"""An order's way from placed to paid, or to cancelled."""

from collections.abc import Iterable

from core import audit, inventory, transfers
from core.machine import Transition
from core.orders import telling
from core.orders.checkout import Cause, Release
from core.orders.errors import OrderState, ReservationExpired
from core.orders.events import OrderCancelled, OrderPaid, OrderStatusChanged
from core.orders.holding import end_holds
from core.orders.machine import PAID, REFUNDED, STANDS, summary
from core.orders.queries import WRITTEN
from core.orders.reinstating import keep
from core.orders.releasing import give_back_stock, release
from core.orders.rows import OrderRow
from core.work import Work

PAY = f"""
UPDATE sales_order SET status = '{PAID.to}', payment_status = 'CAPTURED', reserved_until = NULL
WHERE tenant_id = $1 AND id = $2 AND status IN {PAID.among} AND reserved_until > app_now()
RETURNING {WRITTEN}
"""
FOLLOW = f"""
UPDATE sales_order SET status = $3
WHERE tenant_id = $1 AND id = $2 AND status = $4 AND status = any('{{{",".join(STANDS.values())}}}'::text[])
"""
CANCEL = """
UPDATE sales_order SET status = 'CANCELLED', reserved_until = NULL, held = false,
    payment_status = CASE WHEN payment_status IN ('PENDING', 'PARTLY_PAID') THEN 'CANCELLED' ELSE payment_status END
WHERE tenant_id = $1 AND id = $2 AND status = any($3::text[])
"""
GIVE_BACK = f"""
UPDATE sales_order SET refunded = refunded + $3,
    payment_status = CASE WHEN refunded + $3 = payable THEN 'REFUNDED' ELSE 'PARTLY_REFUNDED' END,
    status = CASE WHEN refunded + $3 = payable AND status IN {REFUNDED.among} THEN '{REFUNDED.to}' ELSE status END
WHERE tenant_id = $1 AND id = $2
"""


async def pay(work: Work, order: OrderRow) -> OrderRow:
    """Mark a locked order paid while its reservation lasts, or where it can have again what it had; what it is then.

    One conditional update decides against the sweeper.
    """
    paid = await work.row(OrderRow, PAY, order.id)
    late = paid is None
    if late and await keep(work, order):
        paid = await work.row(OrderRow, PAY, order.id)
    if paid is None:
        if order.status in ("PENDING_PAYMENT", "CANCELLED"):
            raise ReservationExpired(order_id=order.id, path=("input", "orderId"))
        raise OrderState(status=order.status, order_id=order.id, path=("input", "orderId"))
    await inventory.claim(work, paid.id)
    if paid.held:
        await transfers.confirm(work, paid.id)
    await telling.tell(work, [paid.id], "paid", note="after its time" if late else None)
    work.emit(OrderPaid(order_id=paid.id, store_id=paid.store_id))
    return paid


async def follow(work: Work, order: OrderRow, parts: Iterable[str], *, told: str, note: str | None = None) -> None:
    """Have a locked order stand where its parts do after a step of one of them, which the timeline is told."""
    status = summary(parts)
    await record(work, order, told, note=note)
    await log(work, order, status, told=told)
    if status == order.status:
        return
    if not await work.execute(FOLLOW, order.id, status, order.status):
        raise OrderState(status=order.status, path=("input", "orderId"))
    work.emit(OrderStatusChanged(order_id=order.id, store_id=order.store_id, status=status))


async def record(work: Work, order: OrderRow, name: str, *, note: str | None = None) -> None:
    """Add a line to an order's timeline."""
    await telling.tell(work, [order.id], name, note=note)


async def cancel(work: Work, order: OrderRow, *, why: Cause, note: str, by: Transition) -> None:
    """End an order and give back its stock and whatever plugins took with it."""
    if not await work.execute(CANCEL, order.id, list(by.after)):
        raise OrderState(status=order.status, path=("input", "orderId"))
    await end_holds(work, [order.id] if order.held else [])
    await release(work, [Release(order.id, why)])
    await give_back_stock(work, [order.id], held=[order.id] if order.held else [])
    await record(work, order, "cancelled", note=note)
    await log(work, order, by.to, told="cancelled")
    work.emit(OrderCancelled(order_id=order.id, store_id=order.store_id, cause=note))


async def give_back(work: Work, order: OrderRow, amount: int) -> None:
    """Count an amount of the order as on its way back to the shopper."""
    await work.execute(GIVE_BACK, order.id, amount)


async def release_refunded(work: Work, order: OrderRow, amount: int, *, whole: bool = False) -> None:
    """Have plugins give back what goes with an amount that is refunded; the last part is the whole."""
    last = whole or order.refunded + amount == order.payable
    await release(work, [Release(order.id, Cause.REFUNDED, whole=last)])


async def log(work: Work, order: OrderRow, status: str, *, told: str) -> None:
    """Have the log of what staff do say that an order came to a status."""
    was, became = {"status": order.status}, {"status": status}
    action = f"order.{told}"
    await audit.record_if_staff(work, action, "Order", order.id, store_id=order.store_id, before=was, after=became)
