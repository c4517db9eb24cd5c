"""What goes back over HTTP: status, headers, bytes."""

from typing import NamedTuple

import orjson

from core.errors import DomainError
from hexmart.answers import Answer
from schema.engine import refused

Header = tuple[bytes, bytes]

_JSON = (b"content-type", b"application/json; charset=utf-8")
_UNKEPT = (b"cache-control", b"no-store")
_VARY = (b"vary", b"host, x-tenant, accept-language, authorization")
#: keep it, and ask each time whether it still holds: nothing older than the last change is ever shown
_KEPT_BY_ANYBODY = (b"cache-control", b"public, no-cache")
_KEPT_BY_ONE = (b"cache-control", b"private, no-cache")


class Reply(NamedTuple):
    """A response."""

    status: int
    headers: list[Header]
    body: bytes


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


def tagged(answer: Answer, known: bytes, *, by_anybody: bool) -> Reply:
    """An answer that its receiver may keep: only its tag where `known`, If-None-Match, has that already."""
    kept = _KEPT_BY_ANYBODY if by_anybody else _KEPT_BY_ONE
    tag = (b"etag", answer.etag)
    if answer.etag in known or known == b"*":
        return Reply(304, [tag, kept, _VARY], b"")
    return Reply(200, [_JSON, _length(answer.body), tag, kept, _VARY], answer.body)


def _length(body: bytes) -> Header:
    return b"content-length", b"%d" % len(body)
