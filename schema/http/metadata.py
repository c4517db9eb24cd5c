"""What an authorization server tells about itself (RFC 8414), and the keys that its tokens are verified by."""

from typing import Any

from core.access.policy import vocabulary_of
from schema.context import Info
from schema.http.grants import BY_ANY, BY_SECRET

AUTHORIZE, TOKEN, REVOKE, INTROSPECT = "/oauth/authorize", "/oauth/token", "/oauth/revoke", "/oauth/introspect"
METADATA = "/.well-known/oauth-authorization-server"
KEYS = "/.well-known/jwks.json"


def metadata(issuer: str, info: Info) -> dict[str, Any]:
    """Where everything is, and what is understood there."""
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE,
        "token_endpoint": issuer + TOKEN,
        "revocation_endpoint": issuer + REVOKE,
        "introspection_endpoint": issuer + INTROSPECT,
        "jwks_uri": issuer + KEYS,
        "scopes_supported": sorted(vocabulary_of(info.work)),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "token_endpoint_auth_methods_supported": BY_ANY,
        "revocation_endpoint_auth_methods_supported": BY_ANY,
        "introspection_endpoint_auth_methods_supported": BY_SECRET,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def keys(info: Info) -> dict[str, Any]:
    """The public halves of the brand's keys: of the one that signs, and of the one before it while that is good."""
    good = info.platform.token_keys(info.tenant)
    return {
        "keys": [
            {**key.as_dict(private=False), "kid": name, "use": "sig", "alg": "Ed25519"} for name, key in good.items()
        ]
    }
