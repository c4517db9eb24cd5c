"""What can go wrong with roles."""

from core.errors import DomainError


class BeyondOwnRights(DomainError):
    """You do not hold {permission} wherever this would reach, so it is not yours to give or to take away."""


class RoleFixed(DomainError):
    """The role {role} may do everything, and stays as it is."""


class RoleInUse(DomainError):
    """{people} people have this role: withdraw it from them first."""


class LastOwner(DomainError):
    """A brand needs an owner who can sign in: give the role to somebody else first."""
