"""What can become of an order. Once it is paid it stands where the least advanced of its parts stands."""

from collections.abc import Iterable

from core.machine import BUYER, CLOCK, EVERY_KIND, IN_STORE, PLUGIN, PROVIDER, Machine, Transition
from core.orders.permissions import CANCEL, FULFIL, RECORD_SALE

COLLECT, REFUND = "payments.collect", "payments.refund"  #: the permissions; payments stand above

#: where a paid order stands by the least advanced of its parts, from the first to the last
STANDS = {
    "WAITING": "PAID",
    "ACCEPTED": "ACCEPTED",
    "PREPARING": "PREPARING",
    "READY": "READY",
    "DISPATCHED": "DISPATCHED",
    "DONE": "COMPLETED",
}
_IN_THE_STORE = ("PAID", "ACCEPTED", "PREPARING", "READY")
_PAID = (*_IN_THE_STORE, "DISPATCHED", "COMPLETED")

PLACED = Transition("orderPlace", (), "PENDING_PAYMENT", (BUYER,), told="placed")
SOLD = Transition("posSaleRecord", (), "COMPLETED", (RECORD_SALE.name,), (IN_STORE,), told="sold")
PAID = Transition(
    "paymentStart", ("PENDING_PAYMENT",), "PAID", (BUYER, COLLECT, PROVIDER), told="paid", while_held=True
)
EXPIRED = Transition("expire", ("PENDING_PAYMENT",), "CANCELLED", (CLOCK,), told="expired", while_held=True)
REINSTATED = Transition("reinstate", ("CANCELLED",), "PENDING_PAYMENT", (PROVIDER,), told="reinstated", while_held=True)
CANCELLED = Transition(
    "orderCancel", ("PENDING_PAYMENT", "PAID"), "CANCELLED", (BUYER,), told="cancelled", while_held=True
)
CANCELLED_BY_STORE = Transition(
    "orderCancel",
    ("PENDING_PAYMENT", *_IN_THE_STORE),
    "CANCELLED",
    (CANCEL.name, PLUGIN),
    told="cancelled",
    while_held=True,
)
NOT_TAKEN = Transition(
    "give up", ("PAID", "ACCEPTED", "PREPARING"), "CANCELLED", (FULFIL.name, CLOCK), told="cancelled", while_held=True
)
REFUNDED = Transition(
    "refundCreate", _PAID, "REFUNDED", (REFUND,), EVERY_KIND, told="refund_requested", while_held=True
)

ORDER = Machine(
    "order",
    (PLACED, SOLD, PAID, EXPIRED, REINSTATED, CANCELLED, CANCELLED_BY_STORE, NOT_TAKEN, REFUNDED),
)


def summary(parts: Iterable[str]) -> str:
    """Where a paid order stands by the states of its parts; those that were given up count for nothing."""
    order = list(STANDS)
    return STANDS[min((part for part in parts if part in STANDS), key=order.index)]
