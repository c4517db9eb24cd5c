"""The one that a process asks."""

from contextlib import AbstractAsyncContextManager

from core.actors import Actor
from tenants.plans import plan_of
from tenants.registry import Tenant
from tenants.throttle.admission import Admission, CallerLimits, network_of
from tenants.throttle.guarding import Guard, Guarding, limited, takes_of
from tenants.throttle.windows import Counters, Shared, milliseconds


class Throttle:
    """Counts in this process first: what is too much already here, no other process is asked about."""

    def __init__(self, callers: CallerLimits | None = None, shared: Shared | None = None) -> None:
        self._admission = Admission(callers or CallerLimits())
        self._counters = Counters()
        self._guarding = Guarding(shared)
        self._shared = shared

    def require_room(self, tenant: Tenant, actor: Actor) -> None:
        """Turn away who has no room for even one more request, before anything is done; nothing is counted."""
        wait = self._counters.wait(self._admission.takes(tenant, actor, 1, 1), milliseconds())
        if wait:
            raise limited(wait)

    async def admit(self, tenant: Tenant, actor: Actor, *, requests: int, cost: int) -> None:
        """Count what is asked in every window that it belongs to, or raise RateLimited and count nothing."""
        takes, now = self._admission.takes(tenant, actor, requests, cost), milliseconds()
        wait = self._counters.take(takes, now)
        if not wait and takes and self._shared is not None:
            wait = await self._shared.take(takes, now)
            if wait:
                self._counters.give_back(takes, now)
        if wait:
            raise limited(wait)

    def attempt(
        self, tenant: Tenant, address: str, guard: Guard, subject: str = ""
    ) -> AbstractAsyncContextManager[None]:
        """Do the block as one guarded attempt; the subject stands in keys, so it must be no personal data in clear."""
        takes = takes_of(guard, plan_of(tenant.plan), tenant.slug, network_of(address), subject)
        return self._guarding.attempt(takes, counts_success=guard.counts_success)

    async def close(self) -> None:
        """Let go of the other processes."""
        if self._shared is not None:
            await self._shared.close()
