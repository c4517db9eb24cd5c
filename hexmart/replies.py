"""What goes back over HTTP: status, headers, bytes."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from core.errors import DomainError, RateLimited
from hexmart.answers import Answer
from schema.engine import internal, refused

Header = tuple[bytes, bytes]

JSON = (b"content-type", b"application/json; charset=utf-8")
HEAD, LENGTH = (
    "hexmart.head",
    "hexmart.length",
)  #: of a message that begins a response: its head, and how long its body is
STATUS_LINES = {200: b"HTTP/1.1 200 OK\r\n", 304: b"HTTP/1.1 304 Not Modified\r\n"}
CLOSE = (b"connection", b"close")
POLICY = b"content-security-policy"
_UNKEPT = (b"cache-control", b"no-store")
VARY = (b"vary", b"x-tenant, accept-language, authorization, origin")
#: keep it, and ask each time whether it still holds: nothing older than the last change is ever shown
_KEPT_BY_ANYBODY = (b"cache-control", b"public, no-cache")
_KEPT_BY_ONE = (b"cache-control", b"private, no-cache")

_SECURE = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_INERT = (POLICY, b"default-src 'none'; frame-ancestors 'none'")
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")  # one year; subdomains are the brand's affair


class Reply:
    """A response, as the two messages that it is sent by; they may be sent many times over."""

    __slots__ = ("content", "start", "status")

    def __init__(self, status: int, headers: list[Header], body: bytes) -> None:
        self.status = status
        self.start: dict[str, Any] = {"type": "http.response.start", "status": status, "headers": headers}
        self.content: dict[str, Any] = {"type": "http.response.body", "body": body}

    def made_once(self) -> "Reply":
        """The same, with its head in bytes for hexmart.connections; other servers pass over what they do not know."""
        lines = b"".join(b"%s: %s\r\n" % header for header in self.start["headers"])
        self.start |= {HEAD: STATUS_LINES[self.status] + lines, LENGTH: len(self.content["body"])}
        return self

    def and_also(self, headers: Iterable[Header]) -> "Reply":
        """The same with more headers; this one stays as it is, since others are sent it as well."""
        return Reply(self.status, [*self.start["headers"], *headers], self.content["body"])


class TurnedAway(Exception):
    """A request that is not executed, and the status that says so."""

    def __init__(self, status: int, error: DomainError, *, headers: tuple[Header, ...] = ()) -> None:
        super().__init__(status, error)
        self.status = status
        self.error = error
        self.headers = headers


class Replies:
    """Makes replies, each with the headers that tell a browser to do nothing with it but show it to who asked."""

    def __init__(self, *, production: bool) -> None:
        #: for whatever says by itself what may be loaded
        self.secure = (*_SECURE, _STRICT_TRANSPORT) if production else _SECURE
        self.inert = (_INERT, *self.secure)  #: for what loads nothing, so nearly everything

    def fresh(self, status: int, body: bytes, request_id: str, *more: Header) -> Reply:
        """An answer to this request alone."""
        named = (b"x-request-id", request_id.encode())
        return Reply(status, [JSON, _length(body), named, _UNKEPT, VARY, *more, *self.inert], body)

    def executed(self, response: Mapping[str, Any], request_id: str, status: int = 200, *more: Header) -> Reply:
        """What came of a request; one that was too much says by its status when to come again."""
        body, wait = orjson.dumps(response), _seconds_to_wait(response)
        if wait is None:
            return self.fresh(status, body, request_id, *more)
        return self.fresh(429, body, request_id, (b"retry-after", b"%d" % wait))

    def refusal(self, status: int, error: DomainError, request_id: str, *more: Header) -> Reply:
        """A request that was not executed."""
        return self.executed({"data": None, "errors": [refused(error)]}, request_id, status, *more)

    def internal(self, request_id: str) -> Reply:
        """A fault of ours, which the log tells of."""
        return self.executed({"data": None, "errors": [internal(request_id)]}, request_id, 500)

    def empty(self, *headers: Header) -> Reply:
        """A reply that is its headers."""
        return Reply(204, [*headers, VARY, *self.inert], b"")

    def page(self, html: bytes, policy: bytes) -> Reply:
        """Something for a browser to show, which may load what the policy names."""
        kind = (b"content-type", b"text/html; charset=utf-8")
        return Reply(200, [kind, _length(html), (POLICY, policy), _UNKEPT, *self.secure], html)

    def tagged(self, answer: Answer, known: bytes | None, *, by_anybody: bool) -> Reply:
        """An answer that its receiver may keep: only its tag where `known`, If-None-Match, has that already."""
        has_it = known is not None and (answer.etag in known or known == b"*")
        reply: Reply | None = answer.replies.get((by_anybody, has_it))
        if reply is None:
            reply = answer.replies[by_anybody, has_it] = self._tagged(answer, by_anybody, has_it)
        return reply

    def _tagged(self, answer: Answer, by_anybody: bool, has_it: bool) -> Reply:
        lines = [(b"etag", answer.etag), _KEPT_BY_ANYBODY if by_anybody else _KEPT_BY_ONE, VARY, *self.inert]
        if has_it:
            return Reply(304, lines, b"").made_once()
        return Reply(200, [JSON, _length(answer.body), *lines], answer.body).made_once()


def _seconds_to_wait(response: Mapping[str, Any]) -> int | None:
    """Where nothing but errors came of it, and one of them is that it was too much."""
    if response["data"] is not None:
        return None
    told = [error["extensions"] for error in response.get("errors", ())]
    return max([one["retryAfter"] for one in told if one["code"] == RateLimited.code], default=None)


def _length(body: bytes) -> Header:
    return b"content-length", b"%d" % len(body)
