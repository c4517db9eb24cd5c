"""In which windows a request counts: of its network address, of who calls, and of the brand."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from pydantic import PositiveInt

from core.actors import Actor
from tenants.plans import Plan, plan_of
from tenants.registry import Tenant
from tenants.throttle.windows import Limit, Take


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLimits:
    """How much one caller may ask of a brand, whatever the brand's plan allows all of them together."""

    requests_per_second: PositiveInt = 50  #: of a member, a member of staff or an app; a page needs some 20
    cost_per_minute: PositiveInt = 300_000
    address_requests_per_second: PositiveInt = 500  #: thousands of phones may share an address of their carrier
    address_cost_per_minute: PositiveInt = 3_000_000  #: of guests


class _Limits:
    """Of requests and of their cost, on one plan; what is None is not counted."""

    __slots__ = ("address", "brand", "caller", "unlimited")

    def __init__(self, plan: Plan, callers: CallerLimits) -> None:
        by_caller = (callers.requests_per_second, callers.cost_per_minute) if plan.callers_limited else (None, None)
        by_address = callers.address_requests_per_second, callers.address_cost_per_minute
        self.caller = _pair(*by_caller)
        self.address = _pair(*by_address) if plan.callers_limited else (None, None)
        self.brand = _pair(plan.requests_per_second, plan.cost_per_minute)
        self.unlimited = {*self.caller, *self.address, *self.brand} == {None}


class Admission:
    """Says what a request takes."""

    def __init__(self, callers: CallerLimits) -> None:
        self._limits = lru_cache(maxsize=64)(lambda plan: _Limits(plan_of(plan), callers))

    def takes(self, tenant: Tenant, actor: Actor, requests: int, cost: int) -> list[Take]:
        """Of each limit that it counts in; cost counts for the address of those alone who are not signed in."""
        limits: _Limits = self._limits(tenant.plan)
        if limits.unlimited:
            return []
        slug, network = tenant.slug, network_of(actor.origin.address)
        found = _takes(slug, limits.brand, requests, cost)
        if actor.id is not None:
            found += _takes(f"{slug}/{actor.label}", limits.caller, requests, cost)
        if network:
            found += _takes(f"{slug}/{network}", limits.address, requests, None if actor.id else cost)
        return found


def _pair(requests: int | None, cost: int | None) -> tuple[Limit | None, Limit | None]:
    return (
        Limit.of(RateLimitItemPerSecond(requests)) if requests else None,
        Limit.of(RateLimitItemPerMinute(cost)) if cost else None,
    )


def _takes(whose: str, limits: tuple[Limit | None, Limit | None], requests: int, cost: int | None) -> list[Take]:
    by_request, by_cost = limits
    found = []
    if by_request is not None:
        found.append(Take(f"{whose}/requests", *by_request, min(requests, by_request.most)))
    if by_cost is not None and cost is not None:
        found.append(Take(f"{whose}/cost", *by_cost, min(cost, by_cost.most)))
    return found


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 that one IPv6 household has; empty where nobody says."""
    if not address:
        return ""
    try:
        found = ip_address(address)
    except ValueError:
        return "elsewhere"  # whatever a proxy may say in place of an address, saying another thing is no way out
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
