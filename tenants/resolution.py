"""Which tenant a request is for: its host says so, else X-Tenant."""

import re
from ipaddress import ip_address

from core.errors import BadRequest
from tenants.registry import Registry, Tenant

#: in lower case; a name may be written with the dot that ends it, and is the same name
_HOST = re.compile(r"([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])\.?(?::[0-9]{1,5})?")


async def resolve(registry: Registry, *, host: str, header: str | None, base_domain: str) -> Tenant:
    """The tenant that host and header name together; they must not name two."""
    named = await by_host(registry, host, base_domain)
    if named is None:
        if not header:
            raise BadRequest(reason="Say which brand you mean: use its host name or the header X-Tenant.")
        return await registry.by_slug(header.lower())
    if header and header.lower() != named.slug:
        raise BadRequest(reason=f"The host belongs to {named.slug}, but X-Tenant says {header}.")
    return named


async def by_host(registry: Registry, host: str, base_domain: str) -> Tenant | None:
    """The tenant that a host names, with a port or without: by a domain of its own, or its slug before the base's."""
    name = _name_in(host.lower())
    if name in {"", "localhost", base_domain} or _is_address(name):
        return None
    if name.endswith(f".{base_domain}"):
        return await registry.by_slug(name.removesuffix(f".{base_domain}"))
    return await registry.by_host(name)


def _name_in(host: str) -> str:
    """The name alone; what is no host at all might be read as one brand's here and as another's by a proxy."""
    found = _HOST.fullmatch(host)
    if found is None and host:
        raise BadRequest(reason="This Host is no name of a host.")
    return found[1] if found else ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
