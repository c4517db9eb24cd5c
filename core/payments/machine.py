"""What can become of a payment."""

from core.machine import BUYER, EVERY_KIND, IN_STORE, ONLINE, PROVIDER, Machine, Transition
from core.orders import RECORD_SALE
from core.payments.permissions import REFUND

STARTED = Transition("paymentStart", (), "PENDING", (BUYER,))
CAPTURED = Transition("capture", ("PENDING",), "CAPTURED", (PROVIDER,), ONLINE, told="paid")
FAILED = Transition("refuse", ("PENDING",), "FAILED", (PROVIDER,))
TAKEN = Transition("posSaleRecord", (), "CAPTURED", (RECORD_SALE.name,), (IN_STORE,))

REQUESTED = Transition("refundCreate", (), "REQUESTED", (REFUND.name,), EVERY_KIND, told="refund_requested")
SUCCEEDED = Transition("pay back", ("REQUESTED",), "SUCCEEDED", (PROVIDER,), EVERY_KIND)
REFUSED = Transition("refuse to pay back", ("REQUESTED",), "FAILED", (PROVIDER,), EVERY_KIND)

PAYMENT = Machine("payment", (STARTED, CAPTURED, FAILED, TAKEN))
REFUNDING = Machine("refund", (REQUESTED, SUCCEEDED, REFUSED))
