"""What can become of a payment."""

from core.machine import BUYER, EVERY_KIND, IN_STORE, ONLINE, PROVIDER, Machine, Transition
from core.orders import RECORD_SALE
from core.payments.permissions import COLLECT, REFUND

STARTED = Transition("paymentStart", (), "PENDING", (BUYER, COLLECT.name))
#: whatever was said before: money that comes is there
CAPTURED = Transition("capture", ("PENDING", "FAILED", "CANCELLED"), "CAPTURED", (PROVIDER,), ONLINE, told="paid")
FAILED = Transition("refuse", ("PENDING",), "FAILED", (PROVIDER,))
CLOSED = Transition("close", ("PENDING",), "CANCELLED", (PROVIDER,))
MISMATCHED = Transition(
    "take other money", ("PENDING", "CANCELLED"), "FAILED", (PROVIDER,), ONLINE, told="payment_mismatched"
)
TAKEN = Transition("posSaleRecord", (), "CAPTURED", (RECORD_SALE.name,), (IN_STORE,))

REQUESTED = Transition("refundCreate", (), "REQUESTED", (REFUND.name,), EVERY_KIND, told="refund_requested")
UNDER_WAY = Transition("take time to pay back", ("REQUESTED",), "PROCESSING", (PROVIDER,), EVERY_KIND)
#: what was refused may succeed after all, when the provider's people have seen to it
SUCCEEDED = Transition("pay back", ("REQUESTED", "PROCESSING", "FAILED"), "SUCCEEDED", (PROVIDER,), EVERY_KIND)
REFUSED = Transition("refuse to pay back", ("REQUESTED", "PROCESSING"), "FAILED", (PROVIDER,), EVERY_KIND)

PAYMENT = Machine("payment", (STARTED, CAPTURED, FAILED, CLOSED, MISMATCHED, TAKEN))
RETRIED = Transition(
    "refundRetry", ("FAILED",), "REQUESTED", (REFUND.name,), EVERY_KIND, told="refund_requested", while_held=True
)

REFUNDING = Machine("refund", (REQUESTED, UNDER_WAY, SUCCEEDED, REFUSED, RETRIED))
