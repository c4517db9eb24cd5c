"""Pages that call from a browser: those of the origins that the brand has listed, and those of the same host."""

import re
from collections.abc import Sequence

from core.errors import DomainError
from hexmart.callers import Callers, Headers
from hexmart.replies import Header, Replies, Reply, TurnedAway
from tenants.errors import OriginNotListed

METHODS = b"GET, POST, OPTIONS"
_EXPOSED = (b"access-control-expose-headers", b"x-request-id, retry-after, etag")
_MAY_SEND = (
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"authorization, content-type, x-tenant, if-none-match"),
    (b"access-control-max-age", b"600"),
)
_ONLY_READ = frozenset({"GET", "HEAD"})
_ORIGIN = re.compile(rb"https?://[a-z0-9_.:\[\]-]+")


class Origins:
    """What a browser is told about pages. Nobody is known by a cookie here, so that credentials are never allowed."""

    def __init__(self, callers: Callers, replies: Replies) -> None:
        self._callers = callers
        self._replies = replies

    async def granted(self, headers: Headers, method: str) -> Sequence[Header]:
        """The headers by which a page is shown the answer.

        A stranger's page is shown none, and where something might be done for it, it is turned away before.
        """
        if _is_same(headers):
            return ()
        tenant, origin = await self._callers.tenant(headers), headers[b"origin"]
        if origin.decode("latin-1") in tenant.origins:
            return (_allowing(origin), _EXPOSED)
        if method in _ONLY_READ:
            return ()
        raise _not_listed(headers)

    async def preflight(self, headers: Headers) -> Reply:
        """Whether a page may send its request at all.

        Where the host names no brand, every page may: what it asks is held against the brand that it names then, and
        nobody learns here whether an origin is somebody's.
        """
        if b"origin" not in headers or b"access-control-request-method" not in headers:
            return self._replies.empty((b"allow", METHODS))
        origin, tenant = headers[b"origin"], await self._callers.tenant_of_host(headers)
        if _ORIGIN.fullmatch(origin) is None or (tenant and origin.decode() not in tenant.origins):
            raise _not_listed(headers)
        return self._replies.empty(_allowing(origin), *_MAY_SEND)


def _is_same(headers: Headers) -> bool:
    """Whether the page came from this very host; a proxy may have renamed that, but a browser says so too."""
    if headers.get(b"sec-fetch-site") == b"same-origin":
        return True
    return headers[b"origin"].partition(b"://")[2] == headers.get(b"host")


def _allowing(origin: bytes) -> Header:
    return b"access-control-allow-origin", origin


def _not_listed(headers: Headers) -> TurnedAway:
    refused: DomainError = OriginNotListed(origin=headers[b"origin"].decode("latin-1"))
    return TurnedAway(403, refused)
