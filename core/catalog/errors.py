"""Why the catalog could not be changed, or stock not be kept."""

from core.errors import DomainError


class NoOwnStock(DomainError):
    """{sku} is a bundle: it has no stock of its own, its components have."""
