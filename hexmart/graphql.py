"""/graphql: a bare ASGI application, from raw body to bytes."""

import os
from collections.abc import Awaitable, Callable, Hashable, MutableMapping
from hashlib import sha256
from typing import Any

import orjson

from core.actors import ActorKind
from core.errors import BadRequest, DomainError
from hexmart import graphiql, replies
from hexmart.answers import Answer, Answers, Stamp
from hexmart.callers import Callers, Headers, language_of
from hexmart.replies import Reply, TurnedAway
from hexmart.requests import Asked, from_body, from_query_string
from schema.context import Info
from schema.engine import Engine, GraphQLRequest, QueryTooComplex
from tenants import Platform, documents
from tenants.errors import DocumentNotTrusted, PersistedQueryNotFound

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_KEEPERS = {ActorKind.ANONYMOUS, ActorKind.MEMBER}  #: whose answers are kept; staff see what others do not


class GraphQLApp:
    """Answers POST with any document, and GET with trusted ones that only read."""

    def __init__(
        self, platform: Platform, engine: Engine, answers: Answers, *, base_domain: str, page: Reply | None = None
    ) -> None:
        self._platform = platform
        self._engine = engine
        self._answers = answers
        self._callers = Callers(platform, base_domain=base_domain)
        self._page = page  #: for people who come with a browser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer, and say with which status."""
        headers: Headers = dict(scope["headers"])
        if scope["method"] == "GET":
            reply = self._known(scope, headers) or await self._get(scope, headers)
        else:
            reply = await self._post(scope, headers, receive)
        await send(reply.start)
        await send(reply.content)
        return reply.status

    async def _post(self, scope: Scope, headers: Headers, receive: Receive) -> Reply:
        request_id = os.urandom(16).hex()
        try:
            asked, info = await self._asked(scope, headers, receive, request_id)
            response = await self._execute(asked, info, read_only=False)
        except TurnedAway as away:
            return replies.refusal(away.status, away.error, request_id)
        except DomainError as refused:
            return replies.refusal(200, refused, request_id)
        return replies.fresh(200, orjson.dumps(response), request_id)

    async def _asked(self, scope: Scope, headers: Headers, receive: Receive, request_id: str) -> tuple[Asked, Info]:
        """What is asked and by whom; what is wrong about it is found before any of it is parsed, where it can be."""
        if scope["method"] != "POST":
            raise TurnedAway(405, BadRequest(reason="Send GraphQL by POST."))
        if not headers.get(b"content-type", b"").lower().startswith(b"application/json"):
            raise TurnedAway(415, BadRequest(reason="Send GraphQL as application/json."))
        body = await _read(receive, self._engine.largest_body)
        info = await self._callers.info(headers, request_id)
        try:
            self._engine.limits(info.viewer).check_body(len(body))
            return from_body(body), info
        except QueryTooComplex as too_large:
            raise TurnedAway(413, too_large) from None
        except BadRequest as refused:
            raise TurnedAway(400, refused) from None

    def _known(self, scope: Scope, headers: Headers) -> Reply | None:
        """What a guest has been answered before, if nothing of it has changed: found without asking who or what."""
        if b"authorization" in headers:
            return None
        answer = self._answers.get(_key_of_guest(scope, headers))
        return replies.tagged(answer, headers.get(b"if-none-match"), by_anybody=True) if answer else None

    async def _get(self, scope: Scope, headers: Headers) -> Reply:
        if self._page is not None and graphiql.is_asked_for(headers, scope["query_string"]):
            return self._page
        request_id, moment = os.urandom(16).hex(), self._answers.moment  # before anything is read, the tenant included
        try:
            self._engine.storefront.check_body(len(scope["query_string"]))
            asked = from_query_string(scope["query_string"])
            info = await self._callers.info(headers, request_id)
            stamp = Stamp(info.tenant.slug, moment)
            return await self._read_or_execute(asked, info, stamp, _key(scope, headers, info), headers)
        except QueryTooComplex as too_long:
            return replies.refusal(414, too_long, request_id)
        except BadRequest as refused:
            return replies.refusal(400, refused, request_id)
        except DomainError as refused:
            return replies.refusal(200, refused, request_id)

    async def _read_or_execute(self, asked: Asked, info: Info, stamp: Stamp, key: Hashable, headers: Headers) -> Reply:
        guest = info.viewer.kind == ActorKind.ANONYMOUS
        known = headers.get(b"if-none-match")
        if info.viewer.kind in _KEEPERS:
            answer = self._answers.get(key) or await self._answers.ask(key, stamp)
            if answer is not None:
                return replies.tagged(answer, known, by_anybody=guest)
        response = await self._execute(asked, info, read_only=True)
        body = orjson.dumps(response)
        if "errors" in response:
            return replies.fresh(200, body, info.request_id)
        answer = Answer.of(body, slug=info.tenant.slug, tables=info.tables)
        if info.shared and info.viewer.kind in _KEEPERS:
            self._answers.keep(key, answer, stamp)
        return replies.tagged(answer, known, by_anybody=info.shared and guest)

    async def _execute(self, asked: Asked, info: Info, *, read_only: bool) -> dict[str, Any]:
        text = await self._document(asked, info)
        request = GraphQLRequest(text, asked.variables, asked.operation_name, read_only)
        return await self._engine.execute(request, info)

    async def _document(self, asked: Asked, info: Info) -> str:
        """The document: written out, or the one that the brand's clients have registered under its id."""
        if asked.document is None:
            trusted = await documents.read(self._platform, info.tenant, asked.document_id or "")
            if trusted is None:
                raise PersistedQueryNotFound
            return trusted
        if info.tenant.trusted_only:
            document_id = asked.document_id or sha256(asked.document.encode()).hexdigest()
            if await documents.read(self._platform, info.tenant, document_id) != asked.document:
                raise DocumentNotTrusted
        return asked.document


def _key_of_guest(scope: Scope, headers: Headers) -> Hashable:
    return "guest", headers.get(b"host"), headers.get(b"x-tenant"), language_of(headers), scope["query_string"]


def _key(scope: Scope, headers: Headers, info: Info) -> Hashable:
    """Tenant, audience, language, document and variables."""
    if info.viewer.kind == ActorKind.ANONYMOUS:
        return _key_of_guest(scope, headers)
    return "member", info.tenant.slug, language_of(headers), scope["query_string"]


async def _read(receive: Receive, most: int) -> bytes:
    """The body, or the first of it that is too much for anybody."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most or not message.get("more_body"):
            return bytes(body)
