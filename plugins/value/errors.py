"""Why stored value was not spent."""

from core.errors import DomainError


class ValueOfOthers(DomainError):
    """Stored value is spent by the member whose order it is, and by nobody else."""
