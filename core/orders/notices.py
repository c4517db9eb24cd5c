"""What buyers are told of orders that end before anybody has carried them out."""

from core.notices import NoticeKind, Variable, Words
from core.orders.buyers import tell_buyer
from core.orders.events import UNPAID, OrderCancelled
from core.orders.queries import visible
from core.work import Work

EXPIRED = "orders.expired"
CANCELLED = "orders.cancelled"
NUMBER = Variable("number", "The order's number.", "P-7Q2M")

KINDS = [
    NoticeKind(
        code=EXPIRED,
        description="An order was not paid in time.",
        variables=(NUMBER,),
        words={
            "en": Words("Not paid in time", "Order {number} was not paid in time. It is cancelled, at no cost."),
            "zh": Words("订单超时未支付", "订单 {number} 超时未支付，已取消。"),
        },
    ),
    NoticeKind(
        code=CANCELLED,
        description="An order was cancelled.",
        variables=(NUMBER,),
        words={
            "en": Words("Cancelled", "Order {number} is cancelled. What was paid goes back to where it came from."),
            "zh": Words("订单已取消", "订单 {number} 已取消，已付款项将原路退回。"),
        },
    ),
]


async def tell_end(work: Work, event: OrderCancelled) -> None:
    """Whoever has ordered hears that it comes to nothing, unless it was reinstated meanwhile."""
    order = (await visible(work, [event.order_id]))[0]
    if order is not None and order.status == "CANCELLED":
        code = EXPIRED if event.cause == UNPAID else CANCELLED
        await tell_buyer(work, order, code, str(order.id), {"number": order.number})
