"""/graphql: a bare ASGI application, from raw body to bytes."""

import os
from collections.abc import Hashable, Sequence
from typing import Any

import orjson
import structlog
from structlog.contextvars import bind_contextvars

from core import clock
from core.actors import ActorKind
from core.errors import BadRequest, DomainError, Forbidden, LimitReached, RateLimited, Unauthenticated
from core.pacing import Doorway
from hexmart import bodies, graphiql
from hexmart.answers import Answer, Answers, Stamp
from hexmart.callers import Callers, Headers, language_of, require_once
from hexmart.live import Live, Stream, stream
from hexmart.live.caller import Caller
from hexmart.live.marks import Mark
from hexmart.origins import METHODS, Origins
from hexmart.replies import Header, Replies, Reply, TurnedAway
from hexmart.requests import Asked, from_body, from_query_string
from hexmart.scopes import Receive, Scope, Send, address_of
from hexmart.trusting import document_of
from schema.context import Info
from schema.engine import Engine, GraphQLRequest, QueryTooComplex

_FEW = 32  #: requests that begin in one round of the event loop: ten milliseconds or so, and each round has its cost
_STATUS_OF_STREAM = {Unauthenticated: 401, Forbidden: 403, RateLimited: 429, LimitReached: 429}
_KEEPERS = {ActorKind.ANONYMOUS, ActorKind.MEMBER}  #: whose answers are kept; staff see what others do not
log = structlog.get_logger("graphql")


class GraphQLApp:
    """Answers POST with any document, and GET with trusted ones that only read; by a stream, where that is wanted."""

    def __init__(
        self,
        engine: Engine,
        answers: Answers,
        callers: Callers,
        origins: Origins,
        replies: Replies,
        live: Live,
        *,
        page: Reply | None = None,
    ) -> None:
        self._engine = engine
        self._answers = answers
        self._callers = callers
        self._origins = origins
        self._replies = replies
        self._live = live
        self._page = page  #: for people who come with a browser
        self._door = Doorway(_FEW)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer, and say with which status."""
        headers: Headers = dict(scope["headers"])
        known = None if b"origin" in headers else self._known(scope, headers)
        reply = known or await self._reply(scope, headers, receive)
        if isinstance(reply, Stream):
            await reply.run(receive, send)
            return reply.status
        await send(reply.start)
        await send(reply.content)
        return reply.status

    def _known(self, scope: Scope, headers: Headers) -> Reply | None:
        """What a guest has been answered before, if nothing of it has changed: found without asking who or what."""
        if scope["method"] != "GET" or b"authorization" in headers or stream.is_asked_for(headers):
            return None
        if len(headers) != len(scope["headers"]):  # what stands twice might decide which answer it is
            return None
        answer = self._answers.get(_key_of_guest(scope, headers))
        return self._replies.tagged(answer, headers.get(b"if-none-match"), by_anybody=True) if answer else None

    async def _reply(self, scope: Scope, headers: Headers, receive: Receive) -> Reply | Stream:
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
            reply = self._replies.refusal(_status(scope, headers, refused), refused, request_id)
        except Exception:
            log.exception("a request failed")
            reply = self._replies.internal(request_id)
        return reply.and_also(granted) if granted else reply

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, request_id: str) -> Reply | Stream:
        if scope["method"] in {"GET", "POST"} and stream.is_asked_for(headers):
            return await self._stream(scope, headers, receive)
        match scope["method"]:
            case "GET":
                return await self._get(scope, headers, request_id)
            case "POST":
                return await self._post(scope, headers, receive, request_id)
        raise TurnedAway(405, BadRequest(reason="Send GraphQL by POST."), headers=((b"allow", METHODS),))

    async def _post(self, scope: Scope, headers: Headers, receive: Receive, request_id: str) -> Reply:
        bodies.require_json(headers)
        info = await self._callers.info(headers, request_id, address_of(scope))
        asked = await self._sent(headers, receive, info)
        return self._replies.executed(await self._execute(asked, info, read_only=False), request_id)

    async def _sent(self, headers: Headers, receive: Receive, info: Info) -> Asked:
        body = await bodies.read(bodies.Bounded(receive, headers, self._engine.limits(info.viewer)))
        try:
            return from_body(body)
        except BadRequest as refused:
            raise TurnedAway(400, refused) from None

    async def _stream(self, scope: Scope, headers: Headers, receive: Receive) -> Stream:
        """An answer that goes on; what is wrong with the document is the first that is told by it."""
        read_only = scope["method"] == "GET"
        if not read_only:
            bodies.require_json(headers)
        caller = Caller(self._callers, headers, address_of(scope))
        info = await caller.info()
        if read_only:
            self._engine.storefront.check_body(len(scope["query_string"]))
            asked = from_query_string(scope["query_string"], written_out=True)
        else:
            asked = await self._sent(headers, receive, info)
        self._live.require_open()
        self._live.rooms.require(info)
        since = Mark.read(headers.get(b"last-event-id", b"").decode("latin-1"))
        return Stream(self._live, caller, info, asked, since, read_only=read_only)

    async def _get(self, scope: Scope, headers: Headers, request_id: str) -> Reply:
        if self._page is not None and graphiql.is_asked_for(headers, scope["query_string"]):
            return self._page
        if b"origin" in headers and (known := self._known(scope, headers)):
            return known
        moment = self._answers.moment  # before anything is read, the tenant included
        self._engine.storefront.check_body(len(scope["query_string"]))
        asked = from_query_string(scope["query_string"])
        info = await self._callers.info(headers, request_id, address_of(scope))
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
        text = await document_of(asked, info)
        request = GraphQLRequest(text, asked.variables, asked.operation_name, read_only)
        return await self._engine.execute(request, info)


def _key_of_guest(scope: Scope, headers: Headers) -> Hashable:
    return "guest", headers.get(b"host"), headers.get(b"x-tenant"), language_of(headers), scope["query_string"]


def _key(scope: Scope, headers: Headers, info: Info) -> Hashable:
    """Tenant, audience, language, document and variables."""
    if info.viewer.kind == ActorKind.ANONYMOUS:
        return _key_of_guest(scope, headers)
    return "member", info.tenant.slug, language_of(headers), scope["query_string"]


def _status(scope: Scope, headers: Headers, refused: DomainError) -> int:
    """By GET the address is all there is to be wrong; a POST that could be read has been answered."""
    if stream.is_asked_for(headers):  # a client of streams reads no body that is none
        return _STATUS_OF_STREAM.get(type(refused), 400)
    if scope["method"] == "GET" and isinstance(refused, QueryTooComplex):
        return 414
    return 400 if scope["method"] == "GET" and isinstance(refused, BadRequest) else 200
