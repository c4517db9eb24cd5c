"""What can become of a store's part of an order."""

from core.machine import BUYER, CLOCK, DELIVERY, PICKUP, PLUGIN, PROVIDER, SCAN_AND_GO, Machine, Transition
from core.orders import CANCEL, FULFIL, VERIFY

_IN_THE_STORE = ("WAITING", "ACCEPTED", "PREPARING", "READY")
_PREPARED = (DELIVERY, PICKUP)  # nobody prepares what is in the shopper's hands

BEGUN = Transition("begin", (), "WAITING", (PROVIDER,))
ACCEPTED = Transition("orderAccept", ("WAITING",), "ACCEPTED", (FULFIL.name,), _PREPARED, told="accepted")
PREPARED = Transition("orderPrepare", ("ACCEPTED",), "PREPARING", (FULFIL.name,), _PREPARED, told="preparing")
READY = Transition("orderReady", ("ACCEPTED", "PREPARING"), "READY", (FULFIL.name,), _PREPARED, told="ready")
DISPATCHED = Transition("orderDispatch", ("READY",), "DISPATCHED", (FULFIL.name,), (DELIVERY,), told="dispatched")
COMPLETED = Transition("orderComplete", ("DISPATCHED",), "DONE", (FULFIL.name,), (DELIVERY,), told="completed")
UNCONFIRMED = Transition("count as delivered", ("DISPATCHED",), "DONE", (CLOCK,), (DELIVERY,), told="completed")
REJECTED = Transition(
    "orderReject", ("WAITING", "ACCEPTED", "PREPARING"), "REJECTED", (FULFIL.name,), told="rejected", while_held=True
)
LAPSED = Transition("lapse", ("WAITING",), "REJECTED", (CLOCK,), _PREPARED, told="not_accepted")
HANDED_OVER = Transition("orderVerify", _IN_THE_STORE, "DONE", (VERIFY.name,), (PICKUP, SCAN_AND_GO), told="completed")
CANCELLED = Transition("cancel", _IN_THE_STORE, "CANCELLED", (BUYER, CANCEL.name, PLUGIN), while_held=True)

FULFILMENT = Machine(
    "fulfilment",
    (BEGUN, ACCEPTED, PREPARED, READY, DISPATCHED, COMPLETED, UNCONFIRMED, REJECTED, LAPSED, HANDED_OVER, CANCELLED),
)
ENDED = ("REJECTED", "CANCELLED")  #: parts that nobody carries out any more
