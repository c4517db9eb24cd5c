"""What a provider is asked with: values of a payment or a refund, taken out of the transaction that read them."""

from core.money import Money
from core.orders import OrderRow
from core.payments.provider import Charge, RefundOrder
from core.payments.rows import PaymentRow, RefundRow
from core.work import Works


def charge_of(works: Works, payment: PaymentRow, order: OrderRow | None) -> Charge:
    """A payment as its provider is asked for it."""
    number = order.number if order is not None else payment.id.hex[-12:].upper()
    store_id = order.store_id if order is not None else None
    return Charge(payment.id, number, payment.amount, store_id, payment.account, works)


def refund_of(works: Works, refund: RefundRow, payment: PaymentRow) -> RefundOrder:
    """A refund as its provider is asked for it."""
    amount = Money(refund.minor, refund.currency)
    reference = payment.provider_reference or ""
    return RefundOrder(refund.id, reference, amount, refund.reason, payment.id, payment.amount, payment.account, works)
