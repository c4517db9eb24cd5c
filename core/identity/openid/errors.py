"""Why a sign-in provider's word was not taken, or not asked for."""

from core.errors import DomainError


class ProviderRefused(DomainError):
    """Your sign-in provider has not vouched for you: {reason} Begin again."""


class ProviderAway(DomainError):
    """The sign-in provider cannot be asked: {reason}"""
