"""Why goods could not come back."""

from core.errors import DomainError


class ReturnState(DomainError):
    """The return is {status}: this cannot be done any more, or not yet."""


class ReturnTooLate(DomainError):
    """These goods could be returned until {until}: ask the store."""


class NotReturnable(DomainError):
    """Goods of this kind are not taken back: ask the store if something is wrong with them."""
