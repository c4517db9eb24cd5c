"""Why a gift cannot be wrapped. The class name is the code that clients see, the docstring the message."""

from core.errors import DomainError


class GiftWrapUnknownPaper(DomainError):
    """There is no such paper here."""
