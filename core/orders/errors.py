"""Why an order could not go on."""

from core.errors import DomainError, Fault


class OrderState(DomainError):
    """The order is {status}: this cannot be done any more, or not yet."""


class ReservationExpired(DomainError):
    """The time to pay has run out and the goods are for sale again. What was paid goes back: place the order anew."""


class SlotFull(DomainError):
    """The slot that begins at {start} has no room left: choose another one."""


class OrderHeld(DomainError):
    """The order waits: {reason}"""


class TooLongAway(Fault):
    """More has happened since than can be told now: read the orders anew, then follow them from here on."""
