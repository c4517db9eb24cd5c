"""Points follow what becomes of orders."""

from core import clock, ledger, orders, returns
from core.fulfilment import PackageEnded
from core.ledger import Key, Ripening
from core.machine import IN_STORE
from core.orders import OrderCancelled, OrderPaid, OrderStatusChanged
from core.payments.events import RefundRequested
from core.points.earning import earn
from core.points.giving_back import give_back
from core.points.rules import PointsRules
from core.points.taking_back import EARNED, take_back
from core.returns import GoodsReturned
from core.work import Work


async def earn_when_paid(work: Work, event: OrderPaid) -> None:
    """What is paid earns points that wait; a till's sale has earned its own at once."""
    if not work.rules(PointsRules, event.store_id).minor_per_point:
        return
    order = await orders.lock(work, event.order_id)
    if order is not None and order.kind != IN_STORE:
        await earn(work, [order], pending=True)


async def ripen_when_complete(work: Work, event: OrderStatusChanged) -> None:
    """Points can be spent once nothing of the order can be returned any more."""
    order = await orders.lock(work, event.order_id) if event.status == "COMPLETED" else None
    if order is None or order.member_id is None or order.status != event.status:
        return
    lines = (await orders.lines_of(work, [order.id]))[0]
    ends = [one.until for one in (await returns.returnable(work, {order.id: order}, lines)).values()]
    at = max((until for until in ends if until is not None), default=clock.now())
    await ledger.ripen(work, [Ripening(Key(EARNED, str(order.id)), at)])


async def settle_when_refunded(work: Work, event: RefundRequested) -> None:
    """Points go with the money: those that were earned go back, those that have paid come back."""
    order = await orders.lock(work, event.order_id) if event.order_id is not None else None
    if order is not None:
        await give_back(work, order, source=str(event.refund_id))
        await take_back(work, order, source=str(event.refund_id))


async def give_back_when_returned(work: Work, event: GoodsReturned) -> None:
    """Goods that points alone have paid for come back without money."""
    order = await orders.lock(work, event.order_id) if event.refund_id is None else None
    if order is not None:
        await give_back(work, order, source=str(event.return_id))


async def give_back_when_not_sent(work: Work, event: PackageEnded) -> None:
    """Goods that points alone have paid for are not sent: no money says so."""
    order = await orders.lock(work, event.order_id)
    if order is not None:
        await give_back(work, order, source=str(event.fulfilment_id))


async def give_back_when_over(work: Work, event: OrderCancelled) -> None:
    """An order that has ended has cost no points; one that was paid after all keeps them."""
    order = await orders.lock(work, event.order_id)
    if order is not None and order.status == "CANCELLED":
        await give_back(work, order)
