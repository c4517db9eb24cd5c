"""Signing in by the brand's own OpenID provider."""

from core.identity.openid.errors import ProviderAway
from core.identity.openid.providers import NewProvider, ProviderRow, all_providers, remove_provider, set_provider
from core.identity.openid.rules import NetworkRules, OpenIdRules
from core.identity.openid.sign_in import Answer, finish, start

__all__ = [
    "Answer",
    "NetworkRules",
    "NewProvider",
    "OpenIdRules",
    "ProviderAway",
    "ProviderRow",
    "all_providers",
    "finish",
    "remove_provider",
    "set_provider",
    "start",
]
