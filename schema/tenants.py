"""Brands, for the platform's operator; and the brand that is being served."""

from collections.abc import Sequence

import strawberry

import tenants
from schema.context import Info
from schema.fields import PUBLIC, Served, batched, field, mutation, query, row_type
from schema.payloads import Payload
from tenants import NewTenant
from tenants.permissions import CONFIGURE, CREATE, PLANS, SUSPEND
from tenants.plans import PLANS as KNOWN
from tenants.plans import STANDARD

_WHICH = f"One of {', '.join(KNOWN)}."


@row_type(tenants.Tenant)
class Brand:
    """A brand."""

    slug: str = field("Its name in host names and in X-Tenant.")
    name: str = field("What shoppers call it.")
    currency: str = field("ISO 4217.")
    time_zone: str = field("In which its shops' hours are given.")
    locale: str = field("The language it writes in.")
    status: str = field("ACTIVE or SUSPENDED.")


@batched(Brand, list[str], cost=0)
async def plugins(brands: Sequence[tenants.Tenant], info: Info) -> list[list[str]]:
    """The plugins it has switched on."""
    return [sorted(row.plugins) for row in brands]


@row_type(tenants.Use)
class QuotaUse:
    """How much of something is used."""

    used: int = field("How many there are.")
    quota: int | None = field("How many the plan allows; null is as many as the brand likes.")


@row_type(tenants.Usage)
class BrandUsage:
    """What a brand uses of its plan."""

    plan: str = field("The plan it is on.")
    stores: QuotaUse = field("Stores that are not closed for good.")
    staff: QuotaUse = field("People who work for it.")
    orders_today: QuotaUse = field("Orders since midnight in its own time zone.")


@batched(Brand, BrandUsage | None, cost=3, shared=False)
async def usage(brands: Sequence[tenants.Tenant], info: Info) -> list[tenants.Usage | None]:
    """For staff who may configure the brand, and for the platform's operator; else null."""
    return [await _usage(brand, info) for brand in brands]


async def _usage(brand: tenants.Tenant, info: Info) -> tenants.Usage | None:
    if brand.id == info.tenant.id:
        return await tenants.usage_of(info.work, brand) if info.viewer.may(CONFIGURE.name) else None
    if info.tenant.slug != tenants.PLATFORM_SLUG or not info.viewer.may(PLANS.name):
        return None
    async with info.platform.open_work(brand, info.viewer, read_only=True) as work:
        return await tenants.usage_of(work, brand)


@strawberry.type(description="The brand, or why nothing was done.")
class TenantPayload(Payload):
    tenant: Brand | None = field("The brand as it is now.")


@strawberry.input(description="A new brand.")
class TenantCreateInput:
    slug: str = field("Its name in host names: 3 to 40 of a-z, 0-9 and -.")
    name: str = field("What shoppers call it.")
    currency: str | None = strawberry.field(description="ISO 4217.", default="CNY")
    time_zone: str | None = strawberry.field(description="IANA.", default="Asia/Shanghai")
    locale: str | None = strawberry.field(description="BCP 47.", default="zh-CN")
    plan: str | None = strawberry.field(description=_WHICH, default=STANDARD)
    owner_email: str = field("Who may do everything in it; is invited to choose a password.")


@strawberry.input(description="A brand that is not to be served any more.")
class TenantSuspendInput:
    slug: str = field("Which.")
    reason: str = field("Why, for its owner.")


@strawberry.input(description="A brand and another plan for it.")
class TenantPlanSetInput:
    slug: str = field("Which.")
    plan: str = field(_WHICH)


@query(Brand, access=PUBLIC, shared=True)
async def brand(info: Info) -> tenants.Tenant:
    """The brand that is being served."""
    return info.tenant


@mutation(TenantPayload, access=CREATE, spans_works=True, served=Served.BY_PLATFORM)
async def tenant_create(info: Info, input: TenantCreateInput) -> tenants.Tenant:
    """Create a brand with its roles and its owner."""
    chosen = {"currency": input.currency, "time_zone": input.time_zone, "locale": input.locale, "plan": input.plan}
    given = {name: value for name, value in chosen.items() if value is not None}
    wanted = NewTenant(slug=input.slug, name=input.name, owner_email=input.owner_email, **given)
    return await tenants.create(info.platform, wanted, info.viewer)


@mutation(TenantPayload, access=SUSPEND, spans_works=True, served=Served.BY_PLATFORM)
async def tenant_suspend(info: Info, input: TenantSuspendInput) -> tenants.Tenant:
    """Stop serving a brand; nothing of it is lost."""
    return await tenants.suspend(info.platform, input.slug, input.reason, by=info.viewer)


@mutation(TenantPayload, access=PLANS, spans_works=True, served=Served.BY_PLATFORM)
async def tenant_plan_set(info: Info, input: TenantPlanSetInput) -> tenants.Tenant:
    """Put a brand on another plan; what it has beyond the new one it keeps."""
    return await tenants.set_plan(info.platform, input.slug, input.plan, by=info.viewer)
