"""A connection by graphql-transport-ws: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md."""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any

import structlog

from core.errors import BadRequest, DomainError, LimitReached
from hexmart.callers import Headers, require_once
from hexmart.live import messages
from hexmart.live.caller import Caller, introduced
from hexmart.live.live import Live
from hexmart.live.marks import Mark
from hexmart.live.messages import Closing, Said, written
from hexmart.live.operation import STALLED, Operation
from hexmart.replies import TurnedAway
from hexmart.requests import from_payload
from hexmart.scopes import Receive, Scope, Send, address_of
from schema.engine import QueryTooComplex, refused
from tenants import TenantSuspended

PROTOCOL = "graphql-transport-ws"
INIT_WITHIN = 5.0  #: seconds for the first message
log = structlog.get_logger("live")


class Socket:
    """Says nothing before it is told who calls, and then no more than they may know."""

    def __init__(self, live: Live, scope: Scope, receive: Receive, send: Send) -> None:
        self.caller: Caller = Caller(live.callers, {}, "")  # nobody, until they have said who they are
        self._live = live
        self._scope = scope
        self._receive = receive
        self._send = send
        self._stack = ExitStack()
        self._operations: dict[str, Operation] = {}
        self._named = self._closed = False

    async def run(self) -> None:
        """Until one of the two closes it."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        if self._scope["path"] != "/graphql" or self._live.closing or self._live.unnamed >= self._live.limits.unnamed:
            await self._send({"type": "websocket.close"})  # which a server answers with 403, as long as it is none
            return
        offered = PROTOCOL in self._scope["subprotocols"]
        await self._send({"type": "websocket.accept", "subprotocol": PROTOCOL if offered else None})
        if not offered:
            await self._close(Closing(messages.BAD_SUBPROTOCOL, "Subprotocol not acceptable"))
            return
        self._live.unnamed += 1
        try:
            await self._converse()
        finally:
            self._live.unnamed -= not self._named
            self._stack.close()
            for operation in self._operations.values():
                operation.stop()

    async def end(self, refusal: DomainError | None) -> None:
        """Close it from this side."""
        if refusal is None:
            await self._close(Closing(messages.RESTART, "Service restart"))
        else:
            await self._close(_refused(refusal))

    async def _converse(self) -> None:
        try:
            async with asyncio.timeout(INIT_WITHIN) as patience:
                while (message := await self._receive())["type"] == "websocket.receive" and not self._closed:
                    said = messages.read(message.get("text"))
                    if said.type == "connection_init":
                        patience.reschedule(None)
                    await self._hear(said)
        except Closing as closing:
            await self._close(closing)
        except Exception as error:
            if isinstance(error, TimeoutError) and patience.expired():
                await self._close(Closing(messages.INIT_TIMEOUT, "Connection initialisation timeout"))
                return
            log.exception("a connection failed")
            await self._close(Closing(messages.INTERNAL_ERROR, "Internal server error"))

    async def _hear(self, said: Said) -> None:
        match said.type:
            case "connection_init":
                await self._name(said.payload)
            case "ping":
                await self.say(written("pong", payload=said.payload or None))
            case "subscribe":
                await self._begin(said)
            case "complete":
                if (operation := self._operations.pop(said.id, None)) is not None:
                    operation.stop()

    async def _name(self, payload: Mapping[str, object]) -> None:
        """Learn who calls: from the headers, and from what a browser can only say here."""
        if self._named:
            raise Closing(messages.TOO_MANY_INITS, "Too many initialisation requests")
        headers: Headers = dict(self._scope["headers"])
        try:
            require_once(self._scope["headers"])
            headers = introduced(headers, payload)
            if b"origin" in headers:
                await self._live.origins.granted(headers, "POST")
            self.caller = Caller(self._live.callers, headers, address_of(self._scope))
            info = await self.caller.info()
            if info.tenant.suspended:
                raise TenantSuspended(name=info.tenant.name)
            self._live.require_open()
            self._live.rooms.require(info)
        except TurnedAway as away:
            raise _refused(away.error) from away
        except DomainError as refusal:
            raise _refused(refusal) from refusal
        self._stack.enter_context(self._live.joined(self, info))
        self._live.unnamed -= 1
        self._named = True
        await self.say(written("connection_ack"))

    async def _begin(self, said: Said) -> None:
        if not self._named:
            raise Closing(messages.UNAUTHORIZED, "Unauthorized")
        if said.id in self._operations:
            raise Closing(messages.ALREADY_THERE, f"Subscriber for {said.id} already exists")
        try:
            asked, since = from_payload(said.payload), Mark.read(_last_seen(said.payload))
        except BadRequest as error:
            raise Closing(messages.BAD_REQUEST, error.message) from error
        if len(self._operations) >= self._live.limits.operations:
            many = LimitReached(reason="This connection has enough operations already: end one first.")
            await self.say(written("error", said.id, [refused(many)]))
            return
        operation = Operation(self._live, self.caller, asked, _Answers(self, said.id), since)
        self._operations[said.id] = operation
        operation.begin()

    async def say(self, message: str) -> None:
        """Send a message, unless all is said."""
        if self._closed:
            return
        try:
            async with asyncio.timeout(STALLED):
                await self._send({"type": "websocket.send", "text": message})
        except TimeoutError:
            await self._close(Closing(messages.LATER, "Nothing is read at the other end"))
        except OSError:  # they have hung up, which is what comes next
            self._closed = True

    async def say_of(self, name: str, message: str, *, last: bool = False) -> None:
        """Send a message about an operation, unless the client has ended it."""
        if name in self._operations:
            if last:
                del self._operations[name]
            await self.say(message)

    async def _close(self, closing: Closing) -> None:
        if not self._closed:
            self._closed = True
            with suppress(OSError):
                await self._send({"type": "websocket.close", "code": closing.code, "reason": closing.reason})


class _Answers:
    """Where the results of one operation go."""

    def __init__(self, socket: Socket, name: str) -> None:
        self._socket = socket
        self._name = name

    async def followed(self) -> None:
        """The protocol has no word for it."""

    async def next(self, response: dict[str, Any]) -> None:
        await self._socket.say_of(self._name, written("next", self._name, response))

    async def refuse(self, errors: list[dict[str, Any]]) -> None:
        await self._socket.say_of(self._name, written("error", self._name, errors), last=True)

    async def complete(self) -> None:
        await self._socket.say_of(self._name, written("complete", self._name), last=True)


def _refused(refusal: DomainError) -> Closing:
    """Who cannot be let in, or not just now."""
    code = messages.FORBIDDEN
    if isinstance(refusal, BadRequest | QueryTooComplex):
        code = messages.BAD_REQUEST
    elif refusal.retry_after is not None or isinstance(refusal, LimitReached):
        code = messages.LATER
    return Closing(code, f"{refusal.code}: {refusal.message}")


def _last_seen(payload: Mapping[str, Any]) -> object:
    """The event id that a client gives back."""
    extensions = payload.get("extensions")
    return extensions.get("lastEventId") if isinstance(extensions, dict) else None
