"""A connection to the server: what uvicorn would wait for without end has one here, and its refusals speak as ours."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Generator, Mapping
from typing import Any, cast

from uvicorn._types import ASGISendEvent, HTTPScope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from core.errors import BadRequest
from hexmart.replies import CLOSE, HEAD, LENGTH, Replies

WITHIN = 15.0  #: seconds for the headers of a request, and for what is left of a body when the answer is there
LONGEST_HEAD = 64 * 1024  #: bytes
_UNREADABLE = BadRequest(reason="This is no request of HTTP/1.1 for a path of this host.")


_quiet = logging.getLogger("uvicorn.error.websockets")
_quiet.setLevel(logging.WARNING)


class _Sent:
    """There is nothing to wait for."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


_SENT = _Sent()


class _Cycle(RequestResponseCycle):
    """Sends the head of a reply that is given many times as it is; uvicorn looks at each of its headers each time."""

    def send(self, message: ASGISendEvent) -> Awaitable[None]:  # type: ignore[override]  # it is awaited alone
        """Send a message."""
        if HEAD not in message or self.response_started or self.flow.write_paused or self.disconnected:
            return super().send(message)
        self._begin(cast("dict[str, Any]", message))
        return _SENT

    def _begin(self, message: Mapping[str, Any]) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        self.chunked_encoding, self.expected_content_length = False, message[LENGTH]
        lines = [part for name, value in self.default_headers for part in (name, b": ", value, b"\r\n")]
        if not self.keep_alive:
            lines.append(b"connection: close\r\n")
        self.transport.write(b"".join((message[HEAD], *lines, b"\r\n")))


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, for clients that take their time."""

    replies = Replies(production=False)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._head = 0  #: bytes so far of headers that come in pieces
        self._end: asyncio.TimerHandle | None = None
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._has_come()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; only headers that come in pieces cost a timer."""
        super().data_received(data)
        scope = cast("HTTPScope | None", self.scope)  # there is none before the first request
        if scope is None or "method" not in scope:  # which uvicorn learns once the headers are all there
            self._head += len(data)
            self._expect()
            if self._head > LONGEST_HEAD:
                self.send_400_response("")

    def on_headers_complete(self) -> None:
        """Pass a request on, unless its target names a host: a proxy goes by that one, we by the header."""
        if self._end is not None:
            self._has_come()
        if self.url[:1] != b"/" and self.url != b"*":
            raise ValueError("not a path")
        super().on_headers_complete()
        if cast("RequestResponseCycle | None", self.cycle) is not None:  # there is none where a WebSocket begins
            self.cycle.__class__ = _Cycle  # there is no place to name another to uvicorn

    def on_response_complete(self) -> None:
        """An answer that comes before the body has ended lets the client finish, since it might not read it else."""
        super().on_response_complete()
        if self.cycle.more_body:
            self._expect()

    def shutdown(self) -> None:
        """Have answers without end come to one, since the server waits for them."""
        if (end := self.app_state.get("end_streams")) is not None:
            end()
        super().shutdown()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's word for everything
        """Refuse what cannot be read, unless another answer is under way."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # likewise
        if cycle is None or cycle.response_complete:
            reply = self.replies.refusal(400, _UNREADABLE, os.urandom(16).hex(), CLOSE)
            lines = [name + b": " + value + b"\r\n" for name, value in reply.start["headers"]]
            self.transport.write(b"".join((STATUS_LINE[400], *lines, b"\r\n", reply.content["body"])))
        self.transport.close()

    def _expect(self) -> None:
        if self._end is None:
            self._end = self.loop.call_later(WITHIN, self.transport.close)

    def _has_come(self) -> None:
        self._head = 0
        if self._end is not None:
            self._end.cancel()
            self._end = None


class WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, but that it writes down no addresses, which may say more than a log should know."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.logger = _quiet


class ProductionConnection(Connection):
    """The same, for a client that has to come by TLS; a class of its own, since it is named to other processes."""

    replies = Replies(production=True)
