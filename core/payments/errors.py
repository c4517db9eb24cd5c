"""Why a payment did not come about."""

from core.errors import DomainError


class PaymentRefused(DomainError):
    """The payment was refused: {reason}"""


class InsufficientValue(DomainError):
    """There is not enough stored value: {available} of {wanted} {currency}."""
