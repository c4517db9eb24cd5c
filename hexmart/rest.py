"""Everything but /graphql, on FastAPI: with the same headers, the same origins, and the same silence about faults."""

import os
from collections.abc import Sequence
from typing import cast

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from structlog.contextvars import bind_contextvars

from core.errors import BadRequest, DomainError
from hexmart.bodies import Bounded, Message
from hexmart.callers import Headers, require_once
from hexmart.origins import Origins
from hexmart.replies import VARY, Header, Replies, Reply, TurnedAway
from hexmart.scopes import Receive, Scope, Send
from schema.engine.limits import Limits

OPEN = ("/oauth/", "/.well-known/")  #: what pages of other origins may call begins so
log = structlog.get_logger("rest")


class Rest:
    """The door of a FastAPI application, which by itself would tell what went wrong, and let any page in."""

    def __init__(self, inner: FastAPI, origins: Origins, replies: Replies, limits: Limits) -> None:
        self._inner = inner
        self._origins = origins
        self._replies = replies
        self._limits = limits
        inner.add_exception_handler(Exception, _left_to_the_door)
        inner.add_exception_handler(HTTPException, self._refused)
        inner.add_exception_handler(RequestValidationError, self._malformed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = request_id = os.urandom(16).hex()
        bind_contextvars(request_id=request_id, tenant=None)
        sending = _Sending(send, [(b"x-request-id", request_id.encode()), *self._replies.inert])
        try:
            await self._answer(scope, receive, sending)
        except TurnedAway as away:
            await sending.reply(self._replies.refusal(away.status, away.error, request_id, *away.headers))
        except DomainError as refused:
            await sending.reply(self._replies.refusal(400, refused, request_id))
        except Exception:
            log.exception("a request failed")
            await sending.reply(self._replies.internal(request_id))

    async def _answer(self, scope: Scope, receive: Receive, sending: "_Sending") -> None:
        headers: Headers = dict(scope["headers"])
        require_once(scope["headers"])
        if scope["path"].startswith(OPEN):
            sending.more.append(VARY)
            if scope["method"] == "OPTIONS":
                await sending.reply(await self._origins.preflight(headers))
                return
            if b"origin" in headers:
                sending.more += await self._origins.granted(headers, scope["method"])
        await self._inner(scope, Bounded(receive, headers, self._limits), sending)

    def _refused(self, request: Request, refusal: Exception) -> Response:
        """What no route answers, or not by that method."""
        refusal = cast("HTTPException", refusal)
        reply = self._replies.refusal(refusal.status_code, BadRequest(reason=refusal.detail), _id_of(request))
        return _response(reply, [(name.encode(), value.encode()) for name, value in (refusal.headers or {}).items()])

    def _malformed(self, request: Request, _: Exception) -> Response:
        """What a route's parameters are not; FastAPI would give back what was sent."""
        wrong = BadRequest(reason="A parameter is missing, or is not what it should be.")
        return _response(self._replies.refusal(422, wrong, _id_of(request)))


class _Sending:
    """Sends what FastAPI answers, with more headers, unless they are there already."""

    def __init__(self, send: Send, more: Sequence[Header]) -> None:
        self._send = send
        self._begun = False
        self.more = list(more)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            told = {name.lower() for name, _ in message["headers"]}
            missing = [header for header in self.more if header[0] not in told]
            message = {**message, "headers": [*message["headers"], *missing]}
        await self._send(message)

    async def reply(self, reply: Reply) -> None:
        """Send this; where another answer has begun, it stays without its end, and the server hangs up."""
        if not self._begun:
            await self(reply.start)
            await self(reply.content)


async def _left_to_the_door(_: Request, __: Exception) -> Response:
    """FastAPI raises a fault once more when it has answered; so it answers nothing, and the door does."""
    return _Nothing()


class _Nothing(Response):
    async def __call__(self, *_: object) -> None:
        return


def _response(reply: Reply, more: Sequence[Header] = ()) -> Response:
    response = Response(reply.content["body"], reply.status)
    response.raw_headers = [*reply.start["headers"], *more]
    return response


def _id_of(request: Request) -> str:
    return str(request.state.request_id)
