"""Which tenant a request is for: its host says so, else X-Tenant."""

from core.errors import BadRequest
from tenants.errors import TenantSuspended
from tenants.registry import PLATFORM_SLUG, Registry, Tenant

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


async def resolve(registry: Registry, *, host: str, header: str | None, base_domain: str) -> Tenant:
    """The tenant that host and header name together; they must not name two."""
    name = host.rsplit(":", 1)[0].lower() if not host.endswith("]") else host.lower()
    by_host = await _by_host(registry, name, base_domain)
    if by_host is None:
        if not header:
            raise BadRequest(reason="Say which brand you mean: use its host name or the header X-Tenant.")
        return await registry.by_slug(header.lower())
    if header and header.lower() != by_host.slug:
        raise BadRequest(reason=f"The host belongs to {by_host.slug}, but X-Tenant says {header}.")
    return by_host


async def _by_host(registry: Registry, name: str, base_domain: str) -> Tenant | None:
    if name in _LOOPBACK or name == base_domain:
        return None
    if name.endswith(f".{base_domain}"):
        return await registry.by_slug(name.removesuffix(f".{base_domain}"))
    return await registry.by_host(name)


def refuse_suspended(tenant: Tenant) -> None:
    """Stop a request to a brand that is suspended; the operator's own tenant never is."""
    if tenant.suspended and tenant.slug != PLATFORM_SLUG:
        raise TenantSuspended(name=tenant.name)
