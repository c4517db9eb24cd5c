"""Who the tenant is: registry, resolution, provisioning, and the Works that belong to one."""

from tenants.errors import TenantSuspended, TenantUnknown
from tenants.platform import Platform
from tenants.provisioning import NewTenant, add_operator, create, set_plan, suspend
from tenants.registry import PLATFORM_SLUG, Tenant
from tenants.usage import Usage, Use, usage_of

__all__ = [
    "PLATFORM_SLUG",
    "NewTenant",
    "Platform",
    "Tenant",
    "TenantSuspended",
    "TenantUnknown",
    "Usage",
    "Use",
    "add_operator",
    "create",
    "set_plan",
    "suspend",
    "usage_of",
]
