"""What an OpenID provider tells about itself."""

from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from core.identity.openid.client import AsyncOAuth2Client
from core.identity.openid.errors import ProviderAway
from core.identity.openid.network import Guarded

ALGORITHMS = frozenset({"RS256", "ES256", "EdDSA", "Ed25519"})
SECRET_METHODS = ("client_secret_basic", "client_secret_post")
_DOCUMENT = "/.well-known/openid-configuration"


class Provider(BaseModel, frozen=True):
    """The part of its metadata that is gone by (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False

    @property
    def algorithms(self) -> list[str]:
        """By which it signs, of those that are taken."""
        return sorted(ALGORITHMS.intersection(self.id_token_signing_alg_values_supported))

    def method_for(self, secret: str | None) -> str:
        """How a client proves itself there."""
        if secret is None:
            return "none"
        understood = [name for name in SECRET_METHODS if name in self.token_endpoint_auth_methods_supported]
        return understood[0] if understood else SECRET_METHODS[0]


def client(*, loopback: bool, **of_provider: Any) -> AsyncOAuth2Client:
    """A client that asks public addresses alone."""
    return AsyncOAuth2Client(
        transport=Guarded(loopback=loopback),
        headers={"Accept-Encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
        **of_provider,
    )


async def discover(issuer: str, *, loopback: bool) -> Provider:
    """Read a provider's metadata, which must be its own; raises ProviderAway."""
    told = await read(issuer.removesuffix("/") + _DOCUMENT, loopback=loopback)
    try:
        provider = Provider.model_validate(told)
    except ValidationError:
        raise ProviderAway(reason="what it tells about itself is incomplete.") from None
    if provider.issuer != issuer:  # else one provider might speak for another
        raise ProviderAway(reason="it tells about another than itself.")
    if not provider.algorithms:
        raise ProviderAway(reason=f"it signs by none of {', '.join(sorted(ALGORITHMS))}.")
    if not _is_web(provider.authorization_endpoint, loopback=loopback):
        raise ProviderAway(reason="it would have people sign in without TLS.")
    return provider


async def read(url: str, *, loopback: bool) -> Mapping[str, Any]:
    """A JSON object; raises ProviderAway."""
    try:
        async with client(loopback=loopback) as http:
            answer = await http.request("GET", url, withhold_token=True)
        told = answer.json() if answer.status_code == httpx.codes.OK else None
    except (httpx.InvalidURL, httpx.HTTPError, ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ProviderAway(reason="it does not tell about itself.")
    return told


def _is_web(url: str, *, loopback: bool) -> bool:
    """Whether a browser may be sent there."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    local = loopback and parsed.scheme == "http" and parsed.host in {"127.0.0.1", "localhost"}
    return bool(parsed.host) and not parsed.userinfo and (parsed.scheme == "https" or local)
