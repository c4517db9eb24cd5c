"""/graphql: a bare ASGI application, from raw body to bytes."""

import re
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from core import identity
from core.actors import ANONYMOUS, Actor, ActorKind, member, system
from core.errors import BadRequest, DomainError, Unauthenticated
from schema.context import Info
from schema.engine import Engine, GraphQLRequest
from tenants import Platform, Tenant
from tenants.resolution import resolve

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 256 * 1024
_NUL = b"\\u0000"  # PostgreSQL has no such character, and nobody's name has
_NUL_IN_DOCUMENT = re.compile(r"\\u(0000|\{0+\})")  # GraphQL has escapes of its own


class GraphQLApp:
    """Answers POST requests: tenant, then caller, then document."""

    def __init__(self, platform: Platform, engine: Engine, *, base_domain: str) -> None:
        self._platform = platform
        self._engine = engine
        self._base_domain = base_domain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = uuid.uuid4().hex
        status, body = await self._answer(scope, receive, request_id)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", b"application/json; charset=utf-8"),
                    (b"content-length", str(len(body)).encode()),
                    (b"x-request-id", request_id.encode()),
                    (b"cache-control", b"no-store"),
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive, request_id: str) -> tuple[int, bytes]:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] != "POST":
            return 405, _refusal(BadRequest(reason="Send GraphQL by POST."))
        if not headers.get(b"content-type", "").lower().startswith("application/json"):
            return 415, _refusal(BadRequest(reason="Send GraphQL as application/json."))
        body = await _read(receive)
        if body is None:
            return 413, _refusal(BadRequest(reason=f"A request has at most {LARGEST_BODY} bytes."))
        try:
            request = _request(body)
        except BadRequest as refusal:
            return 400, _refusal(refusal)
        try:
            info = await self._info(headers, request_id)
        except DomainError as refusal:
            return 200, _refusal(refusal)
        return 200, orjson.dumps(await self._engine.execute(request, info))

    async def _info(self, headers: dict[bytes, str], request_id: str) -> Info:
        tenant = await resolve(
            self._platform.registry,
            host=headers.get(b"host", ""),
            header=headers.get(b"x-tenant"),
            base_domain=self._base_domain,
        )
        viewer = await self._viewer(tenant, headers.get(b"authorization"))
        language = headers.get(b"accept-language", "")[:2].lower() or tenant.locale
        return Info(self._platform, tenant, viewer, language, request_id)

    async def _viewer(self, tenant: Tenant, authorization: str | None) -> Actor:
        """Who is calling; what staff may do is read anew, since it may have been taken from them."""
        if authorization is None:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(reason="send `Authorization: Bearer ...`.")
        claims = identity.verify(token.strip(), self._platform.vault(tenant.id).token_key, tenant.slug)
        if claims.kind == ActorKind.MEMBER:
            return member(claims.id)
        async with self._platform.open_work(tenant, system("identity"), read_only=True) as work:
            return await identity.actor_of(work, claims)


async def _read(receive: Receive) -> bytes | None:
    """The body, or None when it is too large."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return bytes(body)


def _request(body: bytes) -> GraphQLRequest:
    if _NUL in body:
        raise BadRequest(reason="A text cannot hold the character NUL.")
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(reason=f"This is not JSON: {error}.") from None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("query"), str):
        raise BadRequest(reason='Send {"query": "...", "variables": {...}}.')
    if _NUL_IN_DOCUMENT.search(parsed["query"]):
        raise BadRequest(reason="A text cannot hold the character NUL.")
    variables, name = parsed.get("variables"), parsed.get("operationName")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest(reason="variables is an object.")
    if name is not None and not isinstance(name, str):
        raise BadRequest(reason="operationName is a text.")
    return GraphQLRequest(parsed["query"], variables, name)


def _refusal(refusal: DomainError) -> bytes:
    extensions: dict[str, object] = {"code": refusal.code}
    return orjson.dumps({"data": None, "errors": [{"message": refusal.message, "extensions": extensions}]})
