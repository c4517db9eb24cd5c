"""Two brands, the plugins of misfits and neighbours switched on at both, and a worker that knows no other brand."""

from collections.abc import Iterable
from typing import Any

import pytest

from core.actors import system
from core.events import Subscription
from core.extensions import own, ownership
from core.ids import new_id
from core.jobs import Job
from core.orders import OrderPlaced
from hexmart.worker import Worker, deliveries, sweeping
from tenants import Platform, Tenant
from tests.faults import neighbours

DELIVERIES = """
SELECT subscriber, plugin, attempts, due_at, done_at, dead_at, error FROM delivery WHERE tenant_id = $1
"""
SHORT = 0.3  #: seconds for what hangs


class Plugged:
    """What a test does with a worker and two brands."""

    def __init__(self, platform: Platform, brands: tuple[Tenant, Tenant], patch: pytest.MonkeyPatch) -> None:
        self.platform = platform
        self.brands = brands
        self.worker = Worker(platform)
        self._patch = patch
        neighbours.served.clear()
        patch.setattr(ownership, "_packages", dict(ownership._packages))
        for module in ("misfits", "neighbours"):
            own(f"tests.faults.{module}", module)
        patch.setattr(deliveries, "BUDGET", SHORT)
        patch.setattr(deliveries, "AROUND_PROVIDER", SHORT)
        patch.setattr(sweeping, "BUDGET", SHORT)
        patch.setattr(sweeping, "ASKING", SHORT)
        patch.setattr(platform.registry, "active", self._active)

    async def _active(self) -> list[Tenant]:
        return list(self.brands)

    def install(self, subscribers: Iterable[Subscription] = (), jobs: Iterable[Job] = ()) -> None:
        """Have these, and nobody else, listen and sweep at both brands."""
        hooks = self.platform.hooks(self.brands[0].plugins)
        self._patch.setattr(hooks, "subscribers", {one.name: one for one in subscribers})
        self._patch.setattr(hooks, "jobs", list(jobs))

    async def place(self, tenant: Tenant, count: int = 1) -> None:
        async with self.platform.open_work(tenant, system("test")) as work:
            for _ in range(count):
                work.emit(OrderPlaced(order_id=new_id(), store_id=new_id(), payable=1))

    async def deliveries(self, tenant: Tenant) -> dict[str, Any]:
        """The latest delivery of each subscriber, by the function's name."""
        async with self.platform.open_work(tenant, system("test"), read_only=True) as work:
            return {row["subscriber"].rsplit(".", 1)[-1]: row for row in await work.fetch(DELIVERIES)}

    async def value(self, tenant: Tenant, sql: str) -> Any:
        async with self.platform.open_work(tenant, system("test"), read_only=True) as work:
            return await work.value(sql)
