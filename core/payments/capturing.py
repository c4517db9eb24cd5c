"""Money that has come in: it pays its order, or goes back, and whoever asks again is told the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from core import clock, fulfilment, orders
from core.errors import DomainError
from core.money import Money
from core.orders import OrderRow, OrderState, ReservationExpired
from core.payments import machine
from core.payments.errors import PaymentRefused
from core.payments.events import PaymentMismatched, PaymentReturned
from core.payments.provider import Started
from core.payments.queries import PAYMENT, by_ids
from core.payments.refunding import request_refund
from core.payments.rows import PaymentRow
from core.work import Work, Works

CAPTURED = f"""
UPDATE payment SET status = '{machine.CAPTURED.to}', provider_reference = $3, captured_at = $4
WHERE tenant_id = $1 AND id = $2 AND status IN {machine.CAPTURED.among} RETURNING {PAYMENT}
"""
FAILED = f"""
UPDATE payment SET status = '{machine.FAILED.to}', failure = $3
WHERE tenant_id = $1 AND id = $2 AND status IN {machine.FAILED.among} RETURNING {PAYMENT}
"""
RETURNED = "UPDATE payment SET failure = $3 WHERE tenant_id = $1 AND id = $2"
WRONG_MONEY = "The provider has taken other money than was asked for; somebody looks into it."


@dataclass(frozen=True, slots=True)
class Outcome:
    """A payment and its order as they are now, and what the shopper's device needs to go on with it."""

    payment: PaymentRow
    order: OrderRow
    refusal: DomainError | None = None  #: why a payment that is over has not paid the order
    client_parameters: Mapping[str, object] = field(default_factory=dict)


async def capture(works: Works, payment: PaymentRow, started: Started) -> Outcome:
    """Record that money came in; where it goes back, the outcome says why, however often it is asked."""
    async with works() as work:
        order = await orders.lock(work, payment.order_id)
        assert order is not None, "a payment without its order"
        if started.amount is not None and started.amount != payment.amount:
            return await _mismatched(work, order, payment, started.amount)
        captured = await work.row(PaymentRow, CAPTURED, payment.id, started.reference, clock.now())
        if captured is None:
            return await _recall(work, order, payment)
        return await _credit(work, order, captured)


def refusal_of(payment: PaymentRow, order: OrderRow) -> DomainError | None:
    """Why a payment that is over has not paid its order."""
    if payment.failure is None:
        return None
    if payment.status == "FAILED":
        return PaymentRefused(reason=payment.failure, path=("input", "provider"))
    if payment.failure == ReservationExpired.code:
        return ReservationExpired(order_id=order.id, path=("input", "orderId"))
    return OrderState(status=order.status, order_id=order.id, path=("input", "orderId"))


async def refuse(work: Work, payment_id: UUID, why: str) -> PaymentRow | None:
    """Record that no money will come of a payment; None where it was over before."""
    return await work.row(PaymentRow, FAILED, payment_id, why)


async def _recall(work: Work, order: OrderRow, payment: PaymentRow) -> Outcome:
    """What became of a payment before."""
    known = (await by_ids(work, [payment.id]))[0]
    assert known is not None, "a payment that was there a moment ago"
    return Outcome(known, order, refusal_of(known, order))


async def _credit(work: Work, order: OrderRow, payment: PaymentRow) -> Outcome:
    try:
        paid = await orders.pay(work, order)
    except (ReservationExpired, OrderState) as refusal:
        await _return(work, order, payment, refusal)
        return Outcome(payment, order, refusal)
    await fulfilment.begin(work, paid)
    return Outcome(payment, paid)


async def _return(work: Work, order: OrderRow, payment: PaymentRow, refusal: DomainError) -> None:
    """Send money back that an order cannot have any more."""
    await work.execute(RETURNED, payment.id, refusal.code)
    reason = "paid too late" if isinstance(refusal, ReservationExpired) else "paid twice"
    await orders.record(work, order, "payment_returned", note=reason)
    if payment.minor:
        await request_refund(work, order, payment, payment.minor, reason)
    work.emit(PaymentReturned(payment_id=payment.id, order_id=order.id, cause=refusal.code))


async def _mismatched(work: Work, order: OrderRow, payment: PaymentRow, taken: Money) -> Outcome:
    """Credit nothing, and have people look: nobody knows what is to go back."""
    failed = await refuse(work, payment.id, WRONG_MONEY)
    if failed is None:
        return await _recall(work, order, payment)
    await orders.record(work, order, "payment_mismatched", note=f"{taken.minor} {taken.currency}")
    work.emit(PaymentMismatched(payment_id=failed.id, order_id=order.id, taken=taken.minor, currency=taken.currency))
    return Outcome(failed, order, refusal_of(failed, order))
