"""What can become of a return."""

from core.machine import BUYER, CLOCK, RULE, Machine, Transition
from core.returns.permissions import MANAGE, RECEIVE

REFUND, RETURN, EXCHANGE = "REFUND", "RETURN", "EXCHANGE"
EVERY_RETURN = (REFUND, RETURN, EXCHANGE)
_WITH_GOODS = (RETURN, EXCHANGE)
_STAFF = (MANAGE.name, RECEIVE.name)
_DECIDES = (MANAGE.name,)
_TAKES = (RECEIVE.name,)

REQUESTED = Transition("returnRequest", (), "REQUESTED", (BUYER, *_STAFF), EVERY_RETURN, told="return_requested")
APPROVED = Transition(
    "returnApprove", ("REQUESTED",), "APPROVED", (*_DECIDES, RULE), _WITH_GOODS, told="return_approved"
)
PAID_BACK = Transition(
    "returnApprove", ("REQUESTED",), "COMPLETED", (*_DECIDES, RULE), (REFUND,), told="return_completed"
)
REJECTED = Transition(
    "returnReject", ("REQUESTED", "APPROVED", "SENT"), "REJECTED", _DECIDES, EVERY_RETURN, told="return_rejected"
)
CANCELLED = Transition(
    "returnCancel", ("REQUESTED", "APPROVED"), "CANCELLED", (BUYER,), EVERY_RETURN, told="return_cancelled"
)
SENT = Transition("returnSend", ("APPROVED",), "SENT", (BUYER, *_STAFF), _WITH_GOODS, told="return_sent")
EXPIRED = Transition("close", ("APPROVED",), "EXPIRED", (CLOCK,), _WITH_GOODS, told="return_expired")
TAKEN_BACK = Transition("returnReceive", ("APPROVED", "SENT"), "COMPLETED", _TAKES, (RETURN,), told="return_completed")
RECEIVED = Transition("returnReceive", ("APPROVED", "SENT"), "RECEIVED", _TAKES, (EXCHANGE,), told="return_received")
HANDED_OVER = Transition("returnHandOver", ("RECEIVED",), "COMPLETED", _TAKES, (EXCHANGE,), told="return_completed")
REFUNDED = Transition("returnRefund", ("RECEIVED",), "COMPLETED", _DECIDES, (EXCHANGE,), told="return_completed")

RETURNING = Machine(
    "return",
    (
        REQUESTED,
        APPROVED,
        PAID_BACK,
        REJECTED,
        CANCELLED,
        SENT,
        EXPIRED,
        TAKEN_BACK,
        RECEIVED,
        HANDED_OVER,
        REFUNDED,
    ),
)
ENDED = ("COMPLETED", "REJECTED", "CANCELLED", "EXPIRED")
OPEN = tuple(state for state in RETURNING.states if state not in ENDED)
OPEN_IN_SQL = f"({', '.join(repr(state) for state in OPEN)})"
