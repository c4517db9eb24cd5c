"""An answer by SSE, one operation each: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md."""

import asyncio
from collections.abc import Iterable
from typing import Any

import orjson

from core.errors import DomainError
from hexmart.callers import Headers
from hexmart.live.caller import Caller
from hexmart.live.live import Live
from hexmart.live.marks import Mark
from hexmart.live.operation import STALLED, Operation
from hexmart.replies import Header
from hexmart.requests import Asked
from hexmart.scopes import Receive, Send
from schema.context import Info
from schema.engine import refused

KIND = b"text/event-stream"
ALIVE = 15.0  #: seconds after which a comment says that the connection lives
_COMMENT = b":\n\n"
FOLLOWING = b": following\n\n"  #: from here on nothing is missed, though there is nothing to tell yet
_COMPLETE = b"event: complete\ndata:\n\n"
_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # which a proxy would wait with
)


def is_asked_for(headers: Headers) -> bool:
    """Whether a client wants a stream before anything else; many would take one too, and are better off without."""
    return headers.get(b"accept", b"").lstrip().lower().startswith(KIND)


class Stream:
    """A response without end, until there is nothing more to tell."""

    status = 200

    def __init__(
        self, live: Live, caller: Caller, info: Info, asked: Asked, since: Mark | None, *, read_only: bool
    ) -> None:
        self.caller = caller
        self._live = live
        self._info = info
        self._operation = Operation(live, caller, asked, self, since, read_only=read_only)
        self._headers: list[Header] = [*_HEADERS, (b"x-request-id", info.request_id.encode())]
        self._over = asyncio.Event()

    def and_also(self, headers: Iterable[Header]) -> "Stream":
        """The same with more headers."""
        self._headers += headers
        return self

    async def run(self, receive: Receive, send: Send) -> None:
        """Tell, until it is complete or nobody is there any more."""
        self._send = send
        try:
            with self._live.joined(self, self._info):
                await send({"type": "http.response.start", "status": self.status, "headers": self._headers})
                await self._write(_COMMENT)
                self._operation.begin()
                await self._wait(receive)
        finally:
            self._operation.stop()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _wait(self, receive: Receive) -> None:
        """Until it is over or they hang up, with a sign of life now and then."""
        over = asyncio.ensure_future(self._over.wait())
        left = asyncio.ensure_future(_left(receive))
        try:
            while not (await asyncio.wait({over, left}, timeout=ALIVE, return_when=asyncio.FIRST_COMPLETED))[0]:
                await self._write(_COMMENT)
        finally:
            over.cancel()
            left.cancel()

    async def end(self, refusal: DomainError | None) -> None:
        """Complete it from this side."""
        self._operation.stop()
        if refusal is not None:
            await self.next({"data": None, "errors": [refused(refusal)]})
        await self.complete()

    async def followed(self) -> None:
        """Say that it is followed, though there is nothing to tell yet."""
        await self._write(FOLLOWING)

    async def next(self, response: dict[str, Any]) -> None:
        """Send a result, with the id of its event."""
        mark = response.get("extensions", {}).get("eventId")
        named = b"id: %s\n" % mark.encode() if mark else b""
        await self._write(b"event: next\n%sdata: %s\n\n" % (named, orjson.dumps(response)))

    async def refuse(self, errors: list[dict[str, Any]]) -> None:
        """Say why there is nothing to tell."""
        await self.next({"errors": errors})
        await self.complete()

    async def complete(self) -> None:
        """Say that this was all."""
        if not self._over.is_set():
            await self._write(_COMPLETE)
            self._over.set()

    async def _write(self, part: bytes) -> None:
        if self._over.is_set():
            return
        try:
            async with asyncio.timeout(STALLED):
                await self._send({"type": "http.response.body", "body": part, "more_body": True})
        except OSError:  # nothing is read at the other end, or nobody is there
            self._over.set()


async def _left(receive: Receive) -> None:
    """Return when they hang up; the end of a body that nobody has read is no such sign."""
    while (await receive())["type"] != "http.disconnect":
        pass
