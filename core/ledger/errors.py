"""Why something cannot be had for what a member has."""

from core.errors import DomainError


class InsufficientPoints(DomainError):
    """This takes {needed} points, and you have {available}."""
