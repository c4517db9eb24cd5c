"""Payments of which nobody has heard: the process died before the answer, or the shopper went away.

A job finds them and tells of them; the provider is asked again from the outbox, outside of any transaction.
"""

from core import orders
from core.payments.asking import ask
from core.payments.capturing import capture, refuse
from core.payments.events import PaymentOverdue
from core.payments.provider import Charge
from core.payments.queries import by_ids
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
    """Ask the provider what became of a payment, and record it; one that still waits is asked about later."""
    async with works() as work:
        payment = (await by_ids(work, [event.payment_id]))[0]
        if payment is None or payment.status != "PENDING":
            return
        order = (await orders.visible(work, [payment.order_id]))[0]
        assert order is not None, "a payment without its order"
        provider = work.hooks.payment_providers.get(payment.provider)
    if provider is None:
        raise LookupError(f"the payment provider {payment.provider} is not enabled")
    started = await ask(work, provider, Charge(payment.id, order.number, payment.amount))
    if started.refused_because is not None:
        async with works() as work:
            await refuse(work, payment.id, started.refused_because)
    elif started.captured:
        await capture(works, payment, started)
