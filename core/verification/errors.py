"""Why a code was not taken."""

from core.errors import DomainError


class CodeUnknown(DomainError):
    """No such code is waiting at this store."""


class CodeUsed(DomainError):
    """This code was used already."""
