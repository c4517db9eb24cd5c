"""Pages that call from a browser: those of the origins that the brand has listed, and those of the same host."""

import re
from collections.abc import Sequence

from core.errors import DomainError
from hexmart.callers import Callers, Headers
from hexmart.replies import Header, Replies, Reply, TurnedAway
from tenants import Tenant
from tenants.errors import OriginNotListed

METHODS = b"GET, POST, OPTIONS"
_EXPOSED = (b"access-control-expose-headers", b"x-request-id, retry-after, etag")
_MAY_SEND = (
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"authorization, content-type, x-tenant, if-none-match, last-event-id"),
    (b"access-control-max-age", b"600"),
)
_ONLY_READ = frozenset({"GET", "HEAD"})
_ORIGIN = re.compile(rb"https?://[a-z0-9_.:\[\]-]+")
_LOOPBACK = re.compile(r"http://(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::[0-9]+)?")


class Origins:
    """What a browser is told about pages. Nobody is known by a cookie here, so that credentials are never allowed."""

    def __init__(self, callers: Callers, replies: Replies, *, development: bool) -> None:
        self._callers = callers
        self._replies = replies
        self._development = development  #: when a web shop that is being written is served from this machine

    async def granted(self, headers: Headers, method: str) -> Sequence[Header]:
        """The headers by which a page is shown the answer.

        A stranger's page is shown none, and where something might be done for it, it is turned away before.
        """
        if _is_same(headers):
            return ()
        tenant, origin = await self._callers.tenant(headers), headers[b"origin"]
        if self._is_listed(origin, tenant):
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
        if _ORIGIN.fullmatch(origin) is None or (tenant and not self._is_listed(origin, tenant)):
            raise _not_listed(headers)
        return self._replies.empty(_allowing(origin), *_MAY_SEND)

    def _is_listed(self, origin: bytes, tenant: Tenant) -> bool:
        text = origin.decode("latin-1")
        return text in tenant.origins or (self._development and _LOOPBACK.fullmatch(text) is not None)


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
