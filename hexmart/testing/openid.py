"""An OpenID provider for tests: a small real one, on a port of this machine, that can be told to misbehave."""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from core import clock
from hexmart.testing.loopback import served

CLIENT_ID, SECRET = "hexmart-at-work", "a secret between the two"
Sign = Callable[[dict[str, Any], dict[str, Any]], str]  #: header and claims
KEYS: Mapping[str, Callable[[], RSAKey | ECKey | OKPKey]] = {
    "RS256": lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}),
    "ES256": lambda: ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"}),
    "Ed25519": lambda: OKPKey.generate_key("Ed25519", {"kid": "one", "use": "sig", "alg": "Ed25519"}),
}


@dataclass
class Misbehaviour:
    """What a provider does that it should not; nothing, unless told."""

    claims: Mapping[str, Any] = field(default_factory=dict)  #: instead of its own; None leaves one out
    header: Mapping[str, Any] = field(default_factory=dict)  #: the same of the header
    document: Mapping[str, Any] = field(default_factory=dict)  #: the same of what it tells about itself
    sign: Sign | None = None
    keys: Callable[[], Any] | None = None  #: instead of its own
    tokens: Callable[[dict[str, Any]], Any] | None = None  #: what becomes of its answer for a code
    answer: Callable[[Request], Awaitable[Response]] | None = None  #: at `path`, instead of anything
    status: int | None = None  #: at `path`, with what is right otherwise
    path: str = ""


class Provider:
    """Knows one client and whoever it is told to know; a code is good for its client, address and verifier, once."""

    def __init__(self, algorithm: str = "RS256") -> None:
        self.algorithm = algorithm
        self.key = KEYS[algorithm]()
        self.issuer = ""
        self.email = ""  #: of the person before it
        self.misbehaviour = Misbehaviour()
        self.asked: list[str] = []  #: the paths of all requests
        self.faults: list[Exception] = []  #: of its own, which nobody told it to have
        self._codes: dict[str, Mapping[str, str]] = {}
        self.application = self._routes()

    def authorize(self, said: Mapping[str, str]) -> str:
        """Let the person in; returns where their browser is sent."""
        assert said["response_type"] == "code"
        assert said["client_id"] == CLIENT_ID
        assert said["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(said["scope"].split())
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(said)
        back = {"code": code, "state": said["state"], "iss": self.issuer}
        return f"{said['redirect_uri']}?{urlencode(back)}"

    def token(self, said: Mapping[str, str], access_token: str) -> str:
        """The token that says who the person is."""
        now = int(clock.now().timestamp())
        digest = hashlib.new("sha512" if self.algorithm == "Ed25519" else "sha256", access_token.encode()).digest()
        claims = {
            "iss": self.issuer,
            "sub": "somebody",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": said["nonce"],
            "at_hash": _base64(digest[: len(digest) // 2]),
            "email": self.email,
            "email_verified": True,
        }
        return self._signed(_but(claims, self.misbehaviour.claims))

    def _signed(self, claims: dict[str, Any]) -> str:
        header = _but({"alg": self.algorithm, "kid": "one"}, self.misbehaviour.header)
        if self.misbehaviour.sign is not None:
            return self.misbehaviour.sign(header, claims)
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    def _routes(self) -> FastAPI:
        application = FastAPI(openapi_url=None)
        application.add_api_route("/.well-known/openid-configuration", self._document)
        application.add_api_route("/authorize", self._authorize)
        application.add_api_route("/token", self._token, methods=["POST"])
        application.add_api_route("/keys", self._keys)
        application.middleware("http")(self._watched)
        return application

    async def _watched(self, request: Request, inner: Callable[[Request], Awaitable[Response]]) -> Response:
        self.asked.append(request.url.path)
        if self.misbehaviour.answer is not None and request.url.path == self.misbehaviour.path:
            return await self.misbehaviour.answer(request)
        try:
            answer = await inner(request)
        except Exception as error:
            self.faults.append(error)
            raise
        if self.misbehaviour.status is not None and request.url.path == self.misbehaviour.path:
            answer.status_code = self.misbehaviour.status
        return answer

    async def _document(self) -> Response:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": [self.algorithm],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        }
        return JSONResponse(_but(told, self.misbehaviour.document))

    async def _authorize(self, request: Request) -> Response:
        return RedirectResponse(self.authorize(request.query_params))

    async def _keys(self) -> Response:
        if self.misbehaviour.keys is not None:
            return JSONResponse(self.misbehaviour.keys())
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        expected = "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if not secrets.compare_digest(request.headers.get("authorization", ""), expected):
            return JSONResponse({"error": "invalid_client"}, 401)
        said = self._codes.pop(form.get("code", ""), None)
        challenge = _base64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            said is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != said["redirect_uri"]
            or challenge != said["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe(16)
        tokens = {"access_token": access_token, "token_type": "Bearer", "id_token": self.token(said, access_token)}
        return JSONResponse(self.misbehaviour.tokens(tokens) if self.misbehaviour.tokens else tokens)


@asynccontextmanager
async def running(algorithm: str = "RS256") -> AsyncIterator[Provider]:
    """A provider that is there for a while."""
    provider = Provider(algorithm)
    async with served(provider.application) as provider.issuer:
        yield provider


def signed_by(key: Any, algorithm: str = "RS256", **more: Any) -> Sign:
    """Sign by any key in any way, with more in the header, whatever libraries would say to that."""

    def sign(header: dict[str, Any], claims: dict[str, Any]) -> str:
        parts = (_but(header | {"alg": algorithm}, more), claims)
        said = ".".join(_base64(orjson.dumps(part)) for part in parts)
        return f"{said}.{_base64(JWSRegistry.algorithms[algorithm].sign(said.encode(), key))}"

    return sign


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token that says it needs no signature."""
    return ".".join([*(_base64(orjson.dumps(part)) for part in (header | {"alg": "none"}, claims)), ""])


async def slowly(_: Request) -> Response:
    """An answer that does not come while anybody waits for it."""
    await asyncio.sleep(3)
    return Response()


def _but(own: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (own | dict(changes)).items() if value is not None}


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
