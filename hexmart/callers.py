"""Who is calling which brand, in which language: read off the headers of a request."""

from collections.abc import Mapping, Sequence

from structlog.contextvars import bind_contextvars

from core.actors import ANONYMOUS, Actor, Origin
from core.errors import BadRequest, Unauthenticated
from hexmart.replies import TurnedAway
from schema.context import Info
from tenants import Platform, Tenant
from tenants.resolution import by_host, resolve

Headers = Mapping[bytes, bytes]

_DECISIVE = frozenset(
    {b"host", b"x-tenant", b"authorization", b"content-type", b"content-length", b"content-encoding", b"origin"}
)


class Callers:
    """Makes the Info of a request."""

    def __init__(self, platform: Platform, *, base_domain: str) -> None:
        self._platform = platform
        self._base_domain = base_domain

    async def tenant(self, headers: Headers) -> Tenant:
        """The brand that is called, by its host or by name."""
        return await resolve(
            self._platform.registry,
            host=_text(headers, b"host") or "",
            header=_text(headers, b"x-tenant"),
            base_domain=self._base_domain,
        )

    async def tenant_of_host(self, headers: Headers) -> Tenant | None:
        """The brand that the host names by itself, if any."""
        return await by_host(self._platform.registry, _text(headers, b"host") or "", self._base_domain)

    async def info(self, headers: Headers, request_id: str, address: str = "") -> Info:
        """What travels with the request, unless its headers lead nowhere."""
        tenant = await self.tenant(headers)
        bind_contextvars(tenant=tenant.slug)
        viewer = await self._viewer(tenant, _text(headers, b"authorization"), Origin(address, request_id))
        self._platform.throttle.require_room(tenant, viewer)
        return Info(self._platform, tenant, viewer, language_of(headers).decode() or tenant.locale, request_id)

    async def standing(self, headers: Headers) -> Tenant:
        """The brand that is called, if whoever calls is let in there; whether they ask too much is not looked at."""
        tenant = await self.tenant(headers)
        await self._viewer(tenant, _text(headers, b"authorization"), Origin())
        return tenant

    async def _viewer(self, tenant: Tenant, authorization: str | None, origin: Origin) -> Actor:
        """Who is calling, with what they may do now: it may have been taken from them since they signed in."""
        if authorization is None:
            return ANONYMOUS.coming_from(origin)
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(reason="send `Authorization: Bearer ...`.")
        claims = self._platform.claims_of(tenant, token.strip())
        return await self._platform.standings.actor(tenant, claims, origin)


def require_once(headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Turn away a request that says twice what decides about it: a proxy before us may have gone by the other one."""
    decisive = [name for name, _ in headers if name in _DECISIVE]
    if len(decisive) != len(set(decisive)):
        raise TurnedAway(400, BadRequest(reason="A header stands more than once that may stand only once."))


def language_of(headers: Headers) -> bytes:
    """The two letters of the language that is liked best; empty where nobody says."""
    liked = headers.get(b"accept-language")
    if liked is None or not liked[:2].isalpha():
        return b""
    return liked[:2].lower()


def _text(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")
