"""The body of a request: of a kind that no form can send, no longer than is allowed, and here within some seconds."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from core.errors import BadRequest
from hexmart.callers import Headers
from hexmart.replies import TurnedAway
from schema.engine import QueryTooComplex
from schema.engine.limits import Limits

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

WITHIN = 15.0  #: seconds that a body may take
_DIGITS = 15  #: of a Content-Length that are looked at
_JSON = b"application/json"
_CHARSETS = frozenset({b"utf-8", b"utf8"})


def require_json(headers: Headers) -> None:
    """Turn away what is not JSON in UTF-8, a form above all, which any page can send; and what is compressed."""
    told = headers.get(b"content-type", b"")
    if told != _JSON and not _is_json(told.lower()):
        raise TurnedAway(415, BadRequest(reason="Send GraphQL as application/json, in UTF-8."))
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise TurnedAway(415, BadRequest(reason="Send the body as it is: nothing is decompressed here."))


def _is_json(told: bytes) -> bool:
    kind, *parameters = (part.strip() for part in told.split(b";"))
    pairs = (part.partition(b"=") for part in parameters)
    charsets = {value.strip(b'"') for name, _, value in pairs if name == b"charset"}
    return kind == _JSON and charsets <= _CHARSETS


async def read(receive: Receive) -> bytes:
    """The whole body."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


class Bounded:
    """Receives a body; one that says it is too long is refused unread, another at its first byte too many."""

    def __init__(self, receive: Receive, headers: Headers, limits: Limits) -> None:
        self._receive = receive
        self._limits = limits
        self._length = 0
        self._is_whole = False
        self._until = asyncio.get_running_loop().time() + WITHIN
        told = headers.get(b"content-length", b"")
        if told.isdigit():
            self._check(int(told[:_DIGITS]))

    async def __call__(self) -> Message:
        """The next part; raises TurnedAway."""
        if self._is_whole:  # what comes now is no body, and may be waited for as long as the answer takes
            return await self._receive()
        message = await self._part()
        if message["type"] == "http.disconnect":
            raise TurnedAway(400, BadRequest(reason="The body ends too soon."))
        self._length += len(message.get("body", b""))
        self._check(self._length)
        self._is_whole = not message.get("more_body")
        return message

    async def _part(self) -> Message:
        try:
            async with asyncio.timeout_at(self._until):
                return await self._receive()
        except TimeoutError:
            late = BadRequest(reason=f"The body has not arrived within {WITHIN:.0f} seconds.")
            raise TurnedAway(408, late) from None

    def _check(self, length: int) -> None:
        try:
            self._limits.check_body(length)
        except QueryTooComplex as too_long:
            raise TurnedAway(413, too_long) from None
