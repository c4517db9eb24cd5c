"""What a brand uses of its plan."""

from dataclasses import dataclass

from core import identity, orders, stores
from core.work import Work
from tenants.registry import Tenant


@dataclass(frozen=True, slots=True)
class Use:
    used: int
    quota: int | None  #: None is as many as it likes


@dataclass(frozen=True, slots=True)
class Usage:
    plan: str
    stores: Use
    staff: Use
    orders_today: Use


async def usage_of(work: Work, tenant: Tenant) -> Usage:
    """Counted now; the Work is one of this tenant."""
    quotas = tenant.quotas
    return Usage(
        plan=tenant.plan,
        stores=Use(await stores.active_stores(work), quotas.stores),
        staff=Use(await identity.active_staff(work), quotas.staff),
        orders_today=Use(await orders.placed_today(work), quotas.orders_per_day),
    )
