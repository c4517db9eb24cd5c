"""Why stock could not be moved."""

from core.errors import DomainError


class TransferState(DomainError):
    """The transfer is {status}: this cannot be done any more, or not yet."""


class TransferUnpaid(DomainError):
    """The order that waits for these goods is not paid yet: send them once it is."""
