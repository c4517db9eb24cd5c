"""A brand's transaction: its first makes the brand too, so that it is there whole or not at all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from core import clock
from core.access.roles import RoleSeed
from core.actors import system
from core.database import begin
from core.work import Work
from tenants import Platform, Tenant, TenantUnknown
from tenants.provisioning import NewTenant, furnish, register

ACTOR = system("demo")


@asynccontextmanager
async def entered(
    platform: Platform, wanted: NewTenant, *, plugins: frozenset[str], roles: Sequence[RoleSeed]
) -> AsyncIterator[Work]:
    """A Work of the brand, which is made in it unless it is there already."""
    known = await _find(platform, wanted.slug)
    if known is not None:
        async with platform.open_work(known, ACTOR) as work:
            yield work
        return
    async with begin(
        platform.platform, tenant_id=0, clock_offset=clock.offset_seconds(), read_only=False
    ) as transaction:
        tenant = await register(transaction, wanted, plugins)
        work = platform.work(transaction, tenant, ACTOR)
        await furnish(work, plugins, roles)
        yield work
        await work.commit()


async def _find(platform: Platform, slug: str) -> Tenant | None:
    try:
        return await platform.registry.by_slug(slug)
    except TenantUnknown:
        return None
