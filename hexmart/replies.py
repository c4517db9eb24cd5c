"""What goes back over HTTP: status, headers, bytes."""

from functools import lru_cache
from typing import NamedTuple

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


def page(html: bytes, policy: bytes) -> Reply:
    """Something for a browser to show, which may load what the policy names."""
    kind = (b"content-type", b"text/html; charset=utf-8")
    return Reply(200, [kind, _length(html), (b"content-security-policy", policy), _UNKEPT], html)


def tagged(answer: Answer, known: bytes, *, by_anybody: bool) -> Reply:
    """An answer that its receiver may keep: only its tag where `known`, If-None-Match, has that already."""
    if answer.etag in known or known == b"*":
        return Reply(304, _tag_lines(answer.etag, by_anybody), b"")
    return Reply(200, _answer_lines(answer.etag, len(answer.body), by_anybody), answer.body)


@lru_cache(maxsize=4096)  # a kept answer is given many times over
def _answer_lines(etag: bytes, length: int, by_anybody: bool) -> list[Header]:
    return [_JSON, (b"content-length", b"%d" % length), *_tag_lines(etag, by_anybody)]


@lru_cache(maxsize=4096)
def _tag_lines(etag: bytes, by_anybody: bool) -> list[Header]:
    return [(b"etag", etag), _KEPT_BY_ANYBODY if by_anybody else _KEPT_BY_ONE, _VARY]


def _length(body: bytes) -> Header:
    return b"content-length", b"%d" % len(body)
