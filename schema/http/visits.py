"""A request that reaches us: which brand it asks, by which name, and from where."""

from dataclasses import dataclass

from fastapi import Request
from structlog.contextvars import bind_contextvars

from core.actors import ANONYMOUS, Origin
from core.errors import BadRequest, Busy, DomainError, RateLimited
from schema.context import Info
from tenants import PLATFORM_SLUG, Platform, TenantSuspended
from tenants.resolution import by_host, resolve

COST = 10  #: of a request, in the units of GraphQL's limits


_STATUS: dict[type[DomainError], int] = {RateLimited: 429, Busy: 503}


@dataclass(frozen=True, slots=True)
class Visit:
    info: Info
    issuer: str  #: the brand's authorization server, as tokens and metadata name it (RFC 8414)


@dataclass(frozen=True, slots=True)
class Reception:
    """Lets requests in, at brands that are served."""

    platform: Platform
    base_domain: str
    production: bool

    async def receive(self, request: Request) -> Visit:
        """Who is asked; raises a DomainError where nobody is, or too much is asked."""
        host = request.headers.get("host", "")
        tenant = await resolve(
            self.platform.registry,
            host=host,
            header=request.headers.get("x-tenant"),
            base_domain=self.base_domain,
        )
        bind_contextvars(tenant=tenant.slug)
        if tenant.suspended:
            raise TenantSuspended(name=tenant.name)
        if tenant.slug == PLATFORM_SLUG:
            raise BadRequest(reason="The platform itself lets no apps in.")
        origin = Origin(request.client.host if request.client else "", request.state.request_id)
        caller = ANONYMOUS.coming_from(origin)
        await self.platform.throttle.admit(tenant, caller, requests=1, cost=COST)
        info = Info(self.platform, tenant, caller, tenant.locale, origin.request_id)
        return Visit(info, await self._issuer(request.url.scheme, host.lower(), tenant.slug))

    async def _issuer(self, scheme: str, host: str, slug: str) -> str:
        """The host by which the brand was called, or the one that is its own: no two brands have one issuer."""
        secure = "https" if self.production else scheme
        if await by_host(self.platform.registry, host, self.base_domain) is not None:
            return f"{secure}://{host}"
        _, colon, port = host.rpartition(":")
        return f"{secure}://{slug}.{self.base_domain}" + (f":{port}" if colon and port.isdigit() else "")


def status_of(refused: DomainError) -> int:
    """The HTTP status of a refusal that OAuth has no word for."""
    return _STATUS.get(type(refused), 400)
