"""Which tenant a request is for: its host says so, else X-Tenant."""

from ipaddress import ip_address

from core.errors import BadRequest
from tenants.registry import Registry, Tenant


async def resolve(registry: Registry, *, host: str, header: str | None, base_domain: str) -> Tenant:
    """The tenant that host and header name together; they must not name two."""
    named = await _by_host(registry, _without_port(host.lower()), base_domain)
    if named is None:
        if not header:
            raise BadRequest(reason="Say which brand you mean: use its host name or the header X-Tenant.")
        return await registry.by_slug(header.lower())
    if header and header.lower() != named.slug:
        raise BadRequest(reason=f"The host belongs to {named.slug}, but X-Tenant says {header}.")
    return named


async def _by_host(registry: Registry, name: str, base_domain: str) -> Tenant | None:
    """The tenant that a host names: a brand's own domain, or its slug before the base domain."""
    if name in {"", "localhost", base_domain} or _is_address(name):
        return None
    if name.endswith(f".{base_domain}"):
        return await registry.by_slug(name.removesuffix(f".{base_domain}"))
    return await registry.by_host(name)


def _without_port(host: str) -> str:
    return host if host.endswith("]") else host.rpartition(":")[0] or host


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
