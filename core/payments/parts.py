"""Orders that are paid in parts: each waits for the others, and goes back where they do not come."""

from collections.abc import Collection
from uuid import UUID

from core import orders
from core.errors import Invalid
from core.orders import OrderRow
from core.payments.keeping import kept_of, total
from core.payments.refunding import request_refund
from core.payments.rows import PaymentRow
from core.payments.rules import PaymentRules
from core.work import Work

PARTLY_PAID = "PARTLY_PAID"
MARK = "UPDATE sales_order SET payment_status = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING_PAYMENT'"


async def due(work: Work, order: OrderRow, wanted: int | None) -> int:
    """What a new payment of a locked order is of: what was asked for, where the brand takes parts, or all the rest."""
    path = ("input", "amount")
    if wanted is not None and not work.rules(PaymentRules).mixed:
        raise Invalid(reason="An order is paid at once here: leave the amount out.", path=path)
    rest = order.payable - (total(await kept_of(work, order)) if order.payment_status == PARTLY_PAID else 0)
    if wanted is not None and not 0 < wanted <= rest:
        raise Invalid(reason=f"Between 1 and {rest} minor units are to be paid.", path=path)
    return rest if wanted is None else wanted


async def others(work: Work, order: OrderRow, payment: PaymentRow) -> int:
    """What an order has been paid besides; of one that nobody has paid anything of, nothing is read."""
    if order.payment_status == "PENDING":
        return 0
    return total([one for one in await kept_of(work, order) if one.payment.id != payment.id])


async def keep(work: Work, order: OrderRow, payment: PaymentRow) -> None:
    """Note that a part of a locked order is there; the rest is awaited."""
    await work.execute(MARK, order.id, PARTLY_PAID)
    order.payment_status = PARTLY_PAID
    await orders.record(work, order, "partly_paid", note=f"{payment.minor} {payment.currency}")


async def give_back(work: Work, order: OrderRow, reason: str, *, but: Collection[UUID] = ()) -> None:
    """Send back what a locked order was paid, but these payments; nothing of it counts as paid back of its price."""
    for one in await kept_of(work, order):
        if one.payment.id not in but:
            await request_refund(work, order, one.payment, one.minor, reason)
    await work.execute(MARK, order.id, "PENDING")


async def end(work: Work, order_id: UUID) -> None:
    """Send back what an order was paid that has ended before it was paid for."""
    order = await orders.lock(work, order_id)
    if order is not None and order.status == order.payment_status == "CANCELLED":
        await give_back(work, order, "not paid in full")
