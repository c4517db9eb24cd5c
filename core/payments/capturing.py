"""Money that has come in: it pays its order, or goes back, and whoever asks again is told the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from core import clock, fulfilment, orders
from core.errors import DomainError
from core.money import Money
from core.orders import OrderRow, OrderState, ReservationExpired
from core.payments import machine, parts
from core.payments.errors import PaymentRefused
from core.payments.events import PaymentMismatched, PaymentReturned
from core.payments.provider import Started
from core.payments.queries import PAYMENT, by_ids
from core.payments.refunding import request_refund
from core.payments.rows import PaymentRow
from core.work import Work, Works

WRONG_MONEY = "The provider has taken other money than was asked for; somebody looks into it."
WRONG_ACCOUNT = "The provider has given the money to somebody else; somebody looks into it."
# One that was closed or refused is captured all the same where its money has come, whatever was said before.
CAPTURED = f"""
UPDATE payment SET status = '{machine.CAPTURED.to}', provider_reference = $3, captured_at = $4, failure = NULL
WHERE tenant_id = $1 AND id = $2 AND status IN {machine.CAPTURED.among}
    AND NOT (status = '{machine.FAILED.to}' AND failure = any($5::text[])) RETURNING {PAYMENT}
"""
FAILED = f"""
UPDATE payment SET status = '{machine.FAILED.to}', failure = $3
WHERE tenant_id = $1 AND id = $2 AND status IN {machine.FAILED.among}
"""
CLOSED = f"""
UPDATE payment SET status = '{machine.CLOSED.to}'
WHERE tenant_id = $1 AND id = $2 AND status IN {machine.CLOSED.among}
"""
MISMATCHED = f"""
UPDATE payment SET status = '{machine.MISMATCHED.to}', failure = $3
WHERE tenant_id = $1 AND id = $2 AND status IN {machine.MISMATCHED.among} RETURNING {PAYMENT}
"""
# Whatever else was begun for an order that is paid now: the job that finds payments finds it next, and has it closed.
OTHERS = f"""
UPDATE payment SET look_at = app_now()
WHERE tenant_id = $1 AND order_id = $2 AND id <> $3 AND status = '{machine.STARTED.to}'
"""
RETURNED = "UPDATE payment SET failure = $3 WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A payment and its order as they are now, and what the shopper's device needs to go on with it."""

    payment: PaymentRow
    order: OrderRow | None  #: None: it is paid for something else
    refusal: DomainError | None = None  #: why a payment that is over has not paid the order
    client_parameters: Mapping[str, object] = field(default_factory=dict)


async def capture(works: Works, payment: PaymentRow, started: Started) -> Outcome:
    """The same as `credit`, in a transaction of its own."""
    async with works() as work:
        return await credit(work, payment, started)


async def credit(work: Work, payment: PaymentRow, started: Started) -> Outcome:
    """Record that money came in; where it goes back, the outcome says why, however often it is asked."""
    order = await _order_of(work, payment)
    wrong = mismatch(payment, started)
    if wrong is not None:
        return await _mismatched(work, order, payment, wrong, started.amount or payment.amount)
    looked_into = [WRONG_MONEY, WRONG_ACCOUNT]
    captured = await work.row(PaymentRow, CAPTURED, payment.id, started.reference, clock.now(), looked_into)
    if captured is None:
        return await _recall(work, order, payment)
    if order is None:
        return await _hand_over(work, captured)
    return await _credit(work, order, captured)


def mismatch(payment: PaymentRow, started: Started) -> str | None:
    """What is wrong with what a provider says it has taken."""
    if started.amount is not None and started.amount != payment.amount:
        return WRONG_MONEY
    if started.account is not None and started.account != payment.account:
        return WRONG_ACCOUNT
    return None


def refusal_of(payment: PaymentRow, order: OrderRow | None) -> DomainError | None:
    """Why a payment that is over has not paid what it was for."""
    if order is None:
        failed = payment.status == "FAILED"
        return PaymentRefused(reason=payment.failure, path=("input", "provider")) if failed else None
    if payment.status == "CANCELLED":
        return OrderState(status=order.status, order_id=order.id, path=("input", "orderId"))
    if payment.failure is None:
        return None
    if payment.status == "FAILED":
        return PaymentRefused(reason=payment.failure, path=("input", "provider"))
    if payment.failure == ReservationExpired.code:
        return ReservationExpired(order_id=order.id, path=("input", "orderId"))
    return OrderState(status=order.status, order_id=order.id, path=("input", "orderId"))


async def refuse(work: Work, payment: PaymentRow, why: str) -> None:
    """Record that no money will come of a payment; what its order was paid besides goes back."""
    order = await _order_of(work, payment)
    failed = await work.execute(FAILED, payment.id, why)
    if failed and order is not None and order.payment_status == parts.PARTLY_PAID:
        await parts.give_back(work, order, "another part was refused")


async def call_off(work: Work, payment_id: UUID) -> None:
    """Record that a payment was closed at its provider."""
    await work.execute(CLOSED, payment_id)


async def _order_of(work: Work, payment: PaymentRow) -> OrderRow | None:
    """The order that a payment is of, locked; None where it is for something else."""
    if payment.order_id is None:
        return None
    order = await orders.lock(work, payment.order_id)
    assert order is not None, "a payment without its order"
    return order


async def _hand_over(work: Work, payment: PaymentRow) -> Outcome:
    """Have a plugin give what was paid for; where it is switched off, whoever has told of the money tells again."""
    purpose = work.hooks.payment_purposes.get(payment.purpose or "")
    if purpose is None:
        raise LookupError(f"nobody is here whom {payment.purpose} is paid to")
    await purpose.paid(work, payment)
    return Outcome(payment, None)


async def _recall(work: Work, order: OrderRow | None, payment: PaymentRow) -> Outcome:
    """What became of a payment before."""
    known = (await by_ids(work, [payment.id]))[0]
    assert known is not None, "a payment that was there a moment ago"
    return Outcome(known, order, refusal_of(known, order))


async def _credit(work: Work, order: OrderRow, payment: PaymentRow) -> Outcome:
    besides = await parts.others(work, order, payment)
    if order.status == "PENDING_PAYMENT" and besides + payment.minor < order.payable:
        await parts.keep(work, order, payment)
        return Outcome(payment, order)
    try:
        paid = await _pay(work, order, payment, besides)
    except (ReservationExpired, OrderState) as refusal:
        await _return(work, order, payment, refusal)
        return Outcome(payment, order, refusal)
    work.write(OTHERS, order.id, payment.id)
    await fulfilment.begin(work, paid)
    return Outcome(payment, paid)


async def _pay(work: Work, order: OrderRow, payment: PaymentRow, besides: int) -> OrderRow:
    """Pay an order with a payment and what it was paid besides, or with the payment alone where both are too much."""
    alone = payment.minor == order.payable
    if not alone and besides + payment.minor != order.payable:
        if order.status == "CANCELLED":
            raise ReservationExpired(order_id=order.id, path=("input", "orderId"))
        raise OrderState(status=order.status, order_id=order.id, path=("input", "orderId"))
    paid = await orders.pay(work, order)
    if alone and besides:
        await parts.give_back(work, order, "paid at once instead", but=[payment.id])
    return paid


async def _return(work: Work, order: OrderRow, payment: PaymentRow, refusal: DomainError) -> None:
    """Send money back that an order cannot have any more."""
    await work.execute(RETURNED, payment.id, refusal.code)
    reason = "paid too late" if isinstance(refusal, ReservationExpired) else "paid twice"
    await orders.record(work, order, "payment_returned", note=reason)
    if payment.minor:
        await request_refund(work, order, payment, payment.minor, reason)
    work.emit(PaymentReturned(payment_id=payment.id, order_id=order.id, cause=refusal.code))


async def _mismatched(work: Work, order: OrderRow | None, payment: PaymentRow, wrong: str, taken: Money) -> Outcome:
    """Credit nothing, and have people look: nobody knows what is to go back."""
    failed = await work.row(PaymentRow, MISMATCHED, payment.id, wrong)
    if failed is None:
        return await _recall(work, order, payment)
    if order is not None:
        await orders.record(work, order, "payment_mismatched", note=f"{taken.minor} {taken.currency}")
    told = PaymentMismatched(payment_id=failed.id, order_id=failed.order_id, taken=taken.minor, currency=taken.currency)
    work.emit(told)
    return Outcome(failed, order, refusal_of(failed, order))
