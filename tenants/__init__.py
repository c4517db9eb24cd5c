"""Who the tenant is: registry, resolution, provisioning, and the Works that belong to one."""

from tenants.errors import TenantSuspended, TenantUnknown
from tenants.platform import Platform, WorkFactory
from tenants.provisioning import NewTenant, add_operator, create, suspend
from tenants.registry import PLATFORM_SLUG, Tenant

__all__ = [
    "PLATFORM_SLUG",
    "NewTenant",
    "Platform",
    "Tenant",
    "TenantSuspended",
    "TenantUnknown",
    "WorkFactory",
    "add_operator",
    "create",
    "suspend",
]
