"""Why a code was not taken."""

from core.errors import DomainError


class CodeUnknown(DomainError):
    """Nobody here knows such a code."""


class CodeUsed(DomainError):
    """This code was used already."""
