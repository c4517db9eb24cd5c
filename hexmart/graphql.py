"""/graphql: a bare ASGI application, from raw body to bytes."""

import os
from collections.abc import Awaitable, Callable, Hashable, MutableMapping, Sequence
from hashlib import sha256
from typing import Any

import orjson
import structlog
from structlog.contextvars import bind_contextvars

from core import clock
from core.actors import ActorKind
from core.errors import BadRequest, DomainError
from core.pacing import Doorway
from hexmart import bodies, graphiql
from hexmart.answers import Answer, Answers, Stamp
from hexmart.callers import Callers, Headers, language_of, require_once
from hexmart.origins import METHODS, Origins
from hexmart.replies import Header, Replies, Reply, TurnedAway
from hexmart.requests import Asked, from_body, from_query_string
from schema.context import Info
from schema.engine import Engine, GraphQLRequest, QueryTooComplex
from tenants import Platform, documents
from tenants.errors import DocumentNotTrusted, PersistedQueryNotFound

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_FEW = 32  #: requests that begin in one round of the event loop: ten milliseconds or so, and each round has its cost
_KEEPERS = {ActorKind.ANONYMOUS, ActorKind.MEMBER}  #: whose answers are kept; staff see what others do not
log = structlog.get_logger("graphql")


class GraphQLApp:
    """Answers POST with any document, and GET with trusted ones that only read."""

    def __init__(
        self,
        platform: Platform,
        engine: Engine,
        answers: Answers,
        callers: Callers,
        origins: Origins,
        replies: Replies,
        *,
        page: Reply | None = None,
    ) -> None:
        self._platform = platform
        self._engine = engine
        self._answers = answers
        self._callers = callers
        self._origins = origins
        self._replies = replies
        self._page = page  #: for people who come with a browser
        self._door = Doorway(_FEW)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer, and say with which status."""
        headers: Headers = dict(scope["headers"])
        known = None if b"origin" in headers else self._known(scope, headers)
        reply = known or await self._reply(scope, headers, receive)
        await send(reply.start)
        await send(reply.content)
        return reply.status

    def _known(self, scope: Scope, headers: Headers) -> Reply | None:
        """What a guest has been answered before, if nothing of it has changed: found without asking who or what."""
        if scope["method"] != "GET" or b"authorization" in headers:
            return None
        if len(headers) != len(scope["headers"]):  # what stands twice might decide which answer it is
            return None
        answer = self._answers.get(_key_of_guest(scope, headers))
        return self._replies.tagged(answer, headers.get(b"if-none-match"), by_anybody=True) if answer else None

    async def _reply(self, scope: Scope, headers: Headers, receive: Receive) -> Reply:
        """The reply, whatever happens; what nobody has foreseen is told to the log alone."""
        request_id = os.urandom(16).hex()
        bind_contextvars(request_id=request_id, tenant=None)
        granted: Sequence[Header] = ()
        try:
            await self._door.enter()
            require_once(scope["headers"])
            if scope["method"] == "OPTIONS":
                return await self._origins.preflight(headers)
            if b"origin" in headers:
                granted = await self._origins.granted(headers, scope["method"])
            reply = await self._answer(scope, headers, receive, request_id)
        except TurnedAway as away:
            reply = self._replies.refusal(away.status, away.error, request_id, *away.headers)
        except DomainError as refused:
            reply = self._replies.refusal(_status(scope, refused), refused, request_id)
        except Exception:
            log.exception("a request failed")
            reply = self._replies.internal(request_id)
        return reply.and_also(granted) if granted else reply

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, request_id: str) -> Reply:
        match scope["method"]:
            case "GET":
                return await self._get(scope, headers, request_id)
            case "POST":
                return await self._post(scope, headers, receive, request_id)
        raise TurnedAway(405, BadRequest(reason="Send GraphQL by POST."), headers=((b"allow", METHODS),))

    async def _post(self, scope: Scope, headers: Headers, receive: Receive, request_id: str) -> Reply:
        bodies.require_json(headers)
        info = await self._callers.info(headers, request_id, _address(scope))
        body = await bodies.read(bodies.Bounded(receive, headers, self._engine.limits(info.viewer)))
        try:
            asked = from_body(body)
        except BadRequest as refused:
            raise TurnedAway(400, refused) from None
        return self._replies.executed(await self._execute(asked, info, read_only=False), request_id)

    async def _get(self, scope: Scope, headers: Headers, request_id: str) -> Reply:
        if self._page is not None and graphiql.is_asked_for(headers, scope["query_string"]):
            return self._page
        if b"origin" in headers and (known := self._known(scope, headers)):
            return known
        moment = self._answers.moment  # before anything is read, the tenant included
        self._engine.storefront.check_body(len(scope["query_string"]))
        asked = from_query_string(scope["query_string"])
        info = await self._callers.info(headers, request_id, _address(scope))
        stamp = Stamp(info.tenant.slug, moment)
        return await self._read_or_execute(asked, info, stamp, _key(scope, headers, info), headers)

    async def _read_or_execute(self, asked: Asked, info: Info, stamp: Stamp, key: Hashable, headers: Headers) -> Reply:
        guest = info.viewer.kind == ActorKind.ANONYMOUS
        known = headers.get(b"if-none-match")
        if info.viewer.kind in _KEEPERS:
            answer = self._answers.get(key) or await self._answers.ask(key, stamp)
            if answer is not None:
                return self._replies.tagged(answer, known, by_anybody=guest)
        until = info.tenant.decided.next_after(clock.now())  # then other rules hold, though nobody writes anything
        response = await self._execute(asked, info, read_only=True)
        if "errors" in response:
            return self._replies.executed(response, info.request_id)
        answer = Answer.of(orjson.dumps(response), slug=info.tenant.slug, tables=info.tables)
        if info.shared and info.viewer.kind in _KEEPERS:
            self._answers.keep(key, answer, stamp, (until - clock.now()).total_seconds())
        return self._replies.tagged(answer, known, by_anybody=info.shared and guest)

    async def _execute(self, asked: Asked, info: Info, *, read_only: bool) -> dict[str, Any]:
        try:
            text = await self._document(asked, info)
        except (PersistedQueryNotFound, DocumentNotTrusted):  # what reaches the engine is counted there
            await self._platform.throttle.admit(info.tenant, info.viewer, requests=1, cost=1)
            raise
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


def _status(scope: Scope, refused: DomainError) -> int:
    """By GET the address is all there is to be wrong; a POST that could be read has been answered."""
    if scope["method"] == "GET" and isinstance(refused, QueryTooComplex):
        return 414
    return 400 if scope["method"] == "GET" and isinstance(refused, BadRequest) else 200


def _address(scope: Scope) -> str:
    """The network address of whoever calls; a Unix socket has none."""
    return scope["client"][0] if scope.get("client") else ""
