"""Refunds on their way: a provider is asked from the outbox, asked again while it is at it, and may tell by itself."""

from uuid import UUID

from core import clock, orders
from core.payments import asking, machine
from core.payments.charging import refund_of
from core.payments.events import RefundOverdue, RefundRequested, RefundSettled
from core.payments.provider import TILL, Refunded, SettlesWithin
from core.payments.queries import by_ids, refunds_by_ids
from core.payments.rows import PaymentRow, RefundRow
from core.work import Work, Works

LOOK = 200  #: refunds told of in one transaction

SETTLE = """
UPDATE refund SET status = $3, provider_reference = coalesce($4, provider_reference), settled_at = $5, look_at = NULL
WHERE tenant_id = $1 AND id = $2 AND status = any($6::text[])
"""
UNDER_WAY = f"""
UPDATE refund SET status = '{machine.UNDER_WAY.to}', provider_reference = coalesce($3, provider_reference),
    look_at = coalesce(look_at, app_now() + interval '1 minute')
WHERE tenant_id = $1 AND id = $2 AND status IN {machine.UNDER_WAY.among}
"""
IS_DUE = """
SELECT 1 FROM refund WHERE tenant_id = $1 AND status = 'PROCESSING' AND look_at <= (SELECT app_now())
"""
# Each time after twice as long, a day at most, until the provider knows.
DUE = """
UPDATE refund SET look_at = app_now() + least(app_now() - requested_at, interval '1 day')
WHERE tenant_id = $1 AND id = any(ARRAY(
    SELECT id FROM refund WHERE tenant_id = $1 AND status = 'PROCESSING' AND look_at <= (SELECT app_now())
    ORDER BY look_at LIMIT $2 FOR UPDATE SKIP LOCKED
)) RETURNING id
"""


async def ask_provider(works: Works, event: RefundRequested) -> None:
    """Have the provider pay a refund out. Asked again after a crash, it knows the refund by its id."""
    await _ask(works, event.refund_id, "REQUESTED")


async def ask_again(works: Works, event: RefundOverdue) -> None:
    """Ask what became of a refund that the provider was at."""
    await _ask(works, event.refund_id, "PROCESSING")


async def find_under_way(work: Work) -> int:
    """Tell of a batch of refunds that are to be asked about; returns how many."""
    due = await work.fetch(DUE, LOOK)
    for row in due:
        work.emit(RefundOverdue(refund_id=row["id"]))
    return len(due)


async def settle(work: Work, refund: RefundRow, answer: Refunded) -> bool:
    """Write down what became of a refund; False where that was known."""
    if answer.pending:
        return bool(await work.execute(UNDER_WAY, refund.id, answer.reference))
    done = machine.SUCCEEDED if answer.succeeded else machine.REFUSED
    settled = bool(await work.execute(SETTLE, refund.id, done.to, answer.reference, clock.now(), list(done.after)))
    if settled:
        work.emit(RefundSettled(refund_id=refund.id, order_id=refund.order_id, status=done.to))
    return settled


async def _ask(works: Works, refund_id: UUID, status: str) -> None:
    async with works() as work:
        found = await _with_payment(work, refund_id)
        if found is None or found[0].status != status:
            return
        refund, payment = found
        if payment.provider == TILL:
            await settle(work, refund, Refunded(succeeded=True))
            return
        provider, wish = asking.provider_of(work, payment.provider), refund_of(works, refund, payment)
        if isinstance(provider, SettlesWithin):
            assert payment.order_id is not None, "what lies in the brand's own books pays orders"
            order = await orders.lock(work, payment.order_id)
            assert order is not None, "a payment without its order"
            await settle(work, refund, await provider.give_back(work, wish, order.member_id))
            return
    answer = await asking.pay_back(work, provider, wish, again=status == "PROCESSING")
    async with works() as work:
        await settle(work, refund, answer)


async def _with_payment(work: Work, refund_id: UUID) -> tuple[RefundRow, PaymentRow] | None:
    refund = (await refunds_by_ids(work, [refund_id]))[0]
    if refund is None:
        return None
    payment = (await by_ids(work, [refund.payment_id]))[0]
    assert payment is not None, "a refund without its payment"
    return refund, payment
