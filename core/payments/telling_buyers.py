"""Telling buyers that money has gone back to them."""

from core import orders
from core.notices import NoticeKind, Value, Variable, VariableType, Words
from core.payments import machine
from core.payments.events import RefundSettled
from core.payments.queries import refunds_by_ids
from core.work import Work

REFUNDED = "payments.refunded"

KINDS = [
    NoticeKind(
        code=REFUNDED,
        description="Money has gone back.",
        variables=(
            Variable("number", "The order's number.", "P-7Q2M"),
            Variable("amount", "How much.", "12.90 CNY", VariableType.MONEY),
        ),
        words={
            "en": Words("Paid back", "{amount} of order {number} has gone back to where it came from."),
            "zh": Words("退款成功", "订单 {number} 的 {amount} 已原路退回。"),
        },
    ),
]


async def tell_refunded(work: Work, event: RefundSettled) -> None:
    """Whoever has paid hears that it is theirs again."""
    if event.status != machine.SUCCEEDED.to or event.order_id is None:
        return
    refund = (await refunds_by_ids(work, [event.refund_id]))[0]
    order = (await orders.visible(work, [event.order_id]))[0]
    if refund is not None and order is not None:
        values: dict[str, Value] = {"number": order.number, "amount": refund.amount}
        await orders.tell_buyer(work, order, REFUNDED, str(refund.id), values)
