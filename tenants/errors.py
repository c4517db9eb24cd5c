"""Why a request has no tenant to go to."""

from core.errors import Fault


class TenantUnknown(Fault):
    """No brand answers to {name}."""


class TenantSuspended(Fault):
    """{name} is suspended: ask the platform's operator."""
