"""Money that has come in: it pays its order, or goes back, and whoever asks again is told the same."""

from uuid import UUID

from core import clock, fulfilment, orders
from core.errors import DomainError
from core.orders import OrderRow, OrderState, ReservationExpired
from core.payments.errors import PaymentRefused
from core.payments.events import PaymentMismatched, PaymentReturned
from core.payments.provider import Started
from core.payments.queries import by_ids
from core.payments.refunding import request_refund
from core.payments.rows import PaymentRow
from core.work import Work, Works

CAPTURED = """
UPDATE payment SET status = 'CAPTURED', provider_reference = $3, captured_at = $4
WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING'
"""
FAILED = "UPDATE payment SET status = 'FAILED', failure = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING'"
RETURNED = "UPDATE payment SET failure = $3 WHERE tenant_id = $1 AND id = $2"
WRONG_MONEY = "The provider has taken other money than was asked for; somebody looks into it."


async def capture(works: Works, payment_id: UUID, started: Started) -> DomainError | None:
    """Record that money came in; where it goes back, why is the answer, however often it is asked."""
    async with works() as work:
        found = (await by_ids(work, [payment_id]))[0]
        order = await orders.lock(work, found.order_id) if found is not None else None
        if order is None:
            return None
        payment = (await by_ids(work, [payment_id]))[0]
        assert payment is not None, "a payment that was there a moment ago"
        if payment.status != "PENDING":
            return refusal_of(payment, order)
        if started.amount is not None and started.amount != payment.amount:
            return await _mismatched(work, order, payment, started)
        await work.execute(CAPTURED, payment.id, started.reference, clock.now())
        return await _credit(work, order, payment)


def refusal_of(payment: PaymentRow, order: OrderRow) -> DomainError | None:
    """Why a payment that is over has not paid its order."""
    if payment.failure is None:
        return None
    if payment.status == "FAILED":
        return PaymentRefused(reason=payment.failure, path=("input", "provider"))
    if payment.failure == ReservationExpired.code:
        return ReservationExpired(order_id=order.id, path=("input", "orderId"))
    return OrderState(status=order.status, order_id=order.id, path=("input", "orderId"))


async def refuse(work: Work, payment_id: UUID, why: str) -> None:
    """Record that no money will come of a payment."""
    await work.execute(FAILED, payment_id, why)


async def _credit(work: Work, order: OrderRow, payment: PaymentRow) -> DomainError | None:
    try:
        await orders.pay(work, order)
    except (ReservationExpired, OrderState) as refusal:
        await _return(work, order, payment, refusal)
        return refusal
    await fulfilment.begin(work, order)
    return None


async def _return(work: Work, order: OrderRow, payment: PaymentRow, refusal: DomainError) -> None:
    """Send money back that an order cannot have any more."""
    await work.execute(RETURNED, payment.id, refusal.code)
    reason = "paid too late" if isinstance(refusal, ReservationExpired) else "paid twice"
    await orders.record(work, order, "payment_returned", note=reason)
    if payment.minor:
        await request_refund(work, order, payment, payment.minor, reason)
    work.emit(PaymentReturned(payment_id=payment.id, order_id=order.id, cause=refusal.code))


async def _mismatched(work: Work, order: OrderRow, payment: PaymentRow, started: Started) -> DomainError:
    """Credit nothing, and have people look: nobody knows what is to go back."""
    assert started.amount is not None
    await refuse(work, payment.id, WRONG_MONEY)
    await orders.record(work, order, "payment_mismatched", note=f"{started.amount.minor} {started.amount.currency}")
    taken = started.amount
    work.emit(PaymentMismatched(payment_id=payment.id, order_id=order.id, taken=taken.minor, currency=taken.currency))
    return PaymentRefused(reason=WRONG_MONEY, path=("input", "provider"))
