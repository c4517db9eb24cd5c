"""Payments of which nobody has heard: the process died before the answer, or the shopper went away.

A job finds them and tells of them; the provider is asked again from the outbox, outside of any transaction.
"""

from core import orders
from core.orders import OrderCancelled
from core.orders.machine import PAID
from core.payments import asking, parts
from core.payments.capturing import call_off, capture, refuse
from core.payments.charging import charge_of
from core.payments.events import PaymentOverdue
from core.payments.provider import AnyProvider, Charge
from core.payments.queries import by_ids, payments_of
from core.payments.rows import PaymentRow
from core.work import Work, Works

LOOK = 200  #: payments told of in one transaction

IS_DUE = """
SELECT 1 FROM payment WHERE tenant_id = $1 AND status = 'PENDING' AND look_at <= (SELECT app_now())
"""
# Each time after twice as long, from a minute to three days; then whoever has not paid by then does not.
DUE = """
UPDATE payment SET look_at = CASE WHEN started_at > app_now() - interval '3 days'
    THEN app_now() + (app_now() - started_at) END
WHERE tenant_id = $1 AND id = any(ARRAY(
    SELECT id FROM payment WHERE tenant_id = $1 AND status = 'PENDING' AND look_at <= (SELECT app_now())
    ORDER BY look_at LIMIT $2 FOR UPDATE SKIP LOCKED
)) RETURNING id
"""


async def find_overdue(work: Work) -> int:
    """Tell of a batch of payments that are to be asked about; returns how many."""
    overdue = await work.fetch(DUE, LOOK)
    for row in overdue:
        work.emit(PaymentOverdue(payment_id=row["id"]))
    return len(overdue)


async def complete(works: Works, event: PaymentOverdue) -> None:
    """Record what the provider says of a payment, later if it still waits; one whose order needs none is closed."""
    async with works() as work:
        payment = (await by_ids(work, [event.payment_id]))[0]
        if payment is None or payment.status != "PENDING":
            return
        order = (await orders.visible(work, [payment.order_id]))[0] if payment.order_id is not None else None
        provider = asking.provider_of(work, payment.provider)
    charge, needless = charge_of(works, payment, order), order is not None and order.status not in PAID.after
    if not (needless and await _closed(works, work, payment, provider, charge)):
        await _settle(works, work, payment, provider, charge)


async def close_open(works: Works, event: OrderCancelled) -> None:
    """Have providers take no more money for an order that is over; what has come of it in part goes back."""
    async with works() as work:
        begun = (await payments_of(work, [event.order_id]))[0]
        pending = [one for one in begun if one.status == "PENDING"]
        if any(one.status == "CAPTURED" for one in begun):
            await parts.end(work, event.order_id)
        [order] = await orders.visible(work, [event.order_id]) if pending else [None]
        known = work.hooks.payment_providers
    for payment in pending:
        assert order is not None, "a payment without its order"
        if payment.provider in known:
            provider, charge = known[payment.provider], charge_of(works, payment, order)
            if await _closed(works, work, payment, provider, charge) is False:  # its money was quicker, and goes back
                await _settle(works, work, payment, provider, charge)


async def _closed(works: Works, over: Work, payment: PaymentRow, provider: AnyProvider, charge: Charge) -> bool | None:
    """Have a provider take no more money for a charge; None where it cannot see to that."""
    closed = await asking.close(over, provider, charge)
    if closed:
        async with works() as work:
            await call_off(work, payment.id)
    return closed


async def _settle(works: Works, over: Work, payment: PaymentRow, provider: AnyProvider, charge: Charge) -> None:
    said = await asking.look(over, provider, charge)
    if said.refused_because is not None:
        async with works() as work:
            await refuse(work, payment, said.refused_because)
    elif said.captured:
        await capture(works, payment, said)
