"""The token by which an OpenID provider says who somebody is (OpenID Connect Core 1.0, section 3.1.3.7)."""

import base64
import hashlib
import hmac
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from core import clock
from core.identity.openid.errors import ProviderRefused

LONGEST = 16_000  #: characters of a token
SKEW = 60  #: seconds that the provider's clock may be off
OLDEST = 600  #: seconds since it was signed
FEWEST_BITS = 2048  #: of an RSA key
#: by algorithm, the kind of key, its curve, and the hash of at_hash
_KINDS = {
    "RS256": ("RSA", None, "sha256"),
    "ES256": ("EC", "P-256", "sha256"),
    "EdDSA": ("OKP", "Ed25519", "sha512"),
    "Ed25519": ("OKP", "Ed25519", "sha512"),
}
Key = RSAKey | ECKey | OKPKey
_TYPES: Mapping[str, type[Key]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: Sequence[str]


def vouched_for(id_token: object, access_token: object, keys: object, expected: Expected) -> str:
    """The e-mail address that a provider vouches for; raises ProviderRefused."""
    claims = _verified(id_token, keys, expected.algorithms, access_token)
    now = clock.now().timestamp()
    for reason, holds in (
        ("the token is another provider's.", claims.get("iss") == expected.issuer),
        ("the token is for somebody else.", _is_for(claims, expected.client_id)),
        ("the token belongs to another sign-in.", _same(claims.get("nonce"), expected.nonce)),
        ("the token names nobody.", isinstance(claims.get("sub"), str) and claims["sub"]),
        ("the token is not good at this time.", _holds_at(claims, now)),
        ("your e-mail address is not verified there.", claims.get("email_verified") is True),
        ("it does not say your e-mail address.", isinstance(claims.get("email"), str) and claims["email"]),
    ):
        if not holds:
            raise ProviderRefused(reason=reason)
    return str(claims["email"])


def _verified(id_token: object, keys: object, algorithms: Sequence[str], access_token: object) -> Claims:
    """The claims of a token that one of the provider's keys has signed."""
    if not isinstance(id_token, str) or len(id_token) > LONGEST or id_token.count(".") != 2:
        raise ProviderRefused(reason="there is no token.")
    try:
        with warnings.catch_warnings():  # providers call Ed25519 EdDSA still; short keys are refused below
            warnings.simplefilter("ignore")
            token = jwt.decode(id_token, lambda signed: _key(signed.headers(), keys), algorithms=algorithms)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ProviderRefused(reason="the token is not signed by it.") from None
    if "at_hash" in token.claims and not _same(token.claims["at_hash"], _at_hash(token.header["alg"], access_token)):
        raise ProviderRefused(reason="the tokens do not belong together.")
    return token.claims


def _key(header: Mapping[str, Any], keys: object) -> Key:
    """The one key of the provider's that can have signed so; what the token itself says of keys is not looked at."""
    kind, curve, _ = _KINDS[header["alg"]]
    named = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    fitting = [
        key
        for key in named
        if key.get("kty") == kind
        and (curve is None or key.get("crv") == curve)
        and key.get("use", "sig") == "sig"
        and key.get("alg", header["alg"]) == header["alg"]
        and ("kid" not in header or key.get("kid") == header["kid"])
    ]
    if len(fitting) != 1:
        raise ValueError("no key, or no telling which")
    key = _TYPES[kind].import_key(fitting[0])
    if isinstance(key.public_key, RSAPublicKey) and key.public_key.key_size < FEWEST_BITS:
        raise ValueError("too short")
    return key


def _is_for(claims: Claims, client_id: str) -> bool:
    """Whether the token is for this client and nobody besides."""
    return claims.get("aud") in (client_id, [client_id]) and claims.get("azp", client_id) == client_id


def _holds_at(claims: Claims, now: float) -> bool:
    times: list[Any] = [claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)]
    if any(isinstance(moment, bool) or not isinstance(moment, int) for moment in times):
        return False
    expires, issued, begins = times
    return bool(expires > now - SKEW and now - OLDEST < issued < now + SKEW and begins < now + SKEW)


def _same(said: object, expected: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(), expected.encode())


def _at_hash(algorithm: str, access_token: object) -> str:
    """The left half of the access token's hash."""
    if not isinstance(access_token, str):
        return ""
    digest = hashlib.new(_KINDS[algorithm][2], access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
