"""What goes back over HTTP: status, headers, bytes."""

import orjson

from core.errors import DomainError
from hexmart.answers import Answer
from schema.engine import refused

Header = tuple[bytes, bytes]

_JSON = (b"content-type", b"application/json; charset=utf-8")
_UNKEPT = (b"cache-control", b"no-store")
_VARY = (b"vary", b"x-tenant, accept-language, authorization")
#: keep it, and ask each time whether it still holds: nothing older than the last change is ever shown
_KEPT_BY_ANYBODY = (b"cache-control", b"public, no-cache")
_KEPT_BY_ONE = (b"cache-control", b"private, no-cache")


class Reply:
    """A response, as the two messages that it is sent by; they may be sent many times over."""

    __slots__ = ("content", "start", "status")

    def __init__(self, status: int, headers: list[Header], body: bytes) -> None:
        self.status = status
        self.start = {"type": "http.response.start", "status": status, "headers": headers}
        self.content = {"type": "http.response.body", "body": body}


class TurnedAway(Exception):
    """A request that is not executed, and the status that says so."""

    def __init__(self, status: int, error: DomainError) -> None:
        super().__init__(status, error)
        self.status = status
        self.error = error


def fresh(status: int, body: bytes, request_id: str) -> Reply:
    """An answer to this request alone."""
    return Reply(status, [_JSON, _length(body), (b"x-request-id", request_id.encode()), _UNKEPT], body)


def refusal(status: int, error: DomainError, request_id: str) -> Reply:
    """A request that was not executed."""
    return fresh(status, orjson.dumps({"data": None, "errors": [refused(error)]}), request_id)


def page(html: bytes, policy: bytes) -> Reply:
    """Something for a browser to show, which may load what the policy names."""
    kind = (b"content-type", b"text/html; charset=utf-8")
    return Reply(200, [kind, _length(html), (b"content-security-policy", policy), _UNKEPT], html)


def tagged(answer: Answer, known: bytes | None, *, by_anybody: bool) -> Reply:
    """An answer that its receiver may keep: only its tag where `known`, If-None-Match, has that already."""
    has_it = known is not None and (answer.etag in known or known == b"*")
    reply: Reply | None = answer.replies.get((by_anybody, has_it))
    if reply is None:
        reply = answer.replies[by_anybody, has_it] = _tagged(answer, by_anybody, has_it)
    return reply


def _tagged(answer: Answer, by_anybody: bool, has_it: bool) -> Reply:
    lines = [(b"etag", answer.etag), _KEPT_BY_ANYBODY if by_anybody else _KEPT_BY_ONE, _VARY]
    return Reply(304, lines, b"") if has_it else Reply(200, [_JSON, _length(answer.body), *lines], answer.body)


def _length(body: bytes) -> Header:
    return b"content-length", b"%d" % len(body)
