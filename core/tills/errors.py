"""Why a till's sale was not written down."""

from core.errors import DomainError


class TillReferenceReused(DomainError):
    """Another sale of this store has this externalReference already."""
