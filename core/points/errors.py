"""Why somebody cannot have or give points."""

from core.errors import DomainError


class InsufficientPoints(DomainError):
    """There are {available} points, and no more."""
