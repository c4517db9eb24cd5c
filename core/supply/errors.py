"""Why supply could not go on."""

from core.errors import DomainError


class PurchaseOrderState(DomainError):
    """The purchase order is {status}: this cannot be done any more, or not yet."""


class OverReceipt(DomainError):
    """More came than was ordered: of {ordered}, {received} had come already, and {more} more are too many."""


class StockCountClosed(DomainError):
    """This count is closed: start another one."""
