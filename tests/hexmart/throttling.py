"""A model of the limiter that is as simple as can be: it remembers everything and counts anew each time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import strategies as st

from core import clock
from core.actors import ANONYMOUS, Actor, ActorKind, Origin
from core.work import Quotas
from tenants import Tenant
from tenants.plans import PLANS, Plan
from tenants.throttle import CallerLimits

SECOND, MINUTE = 1_000, 60_000
START = 1_800_000_000_123  #: milliseconds
CALLERS = CallerLimits(
    requests_per_second=4, cost_per_minute=60, address_requests_per_second=6, address_cost_per_minute=80
)
SMALL = Plan(name="small", quotas=Quotas(), requests_per_second=9, cost_per_minute=120, otp_per_hour=None)
TENANTS = [Tenant(number, f"brand-{number}", "", "CNY", "UTC", "zh", "ACTIVE", plan="small") for number in (1, 2)]
ADDRESSES = ["198.51.100.7", "203.0.113.9", "2001:db8:1:1::1", "2001:db8:1:1:ffff::2", ""]
NETWORKS = ["198.51.100.7", "203.0.113.9", "2001:db8:1:1::", "2001:db8:1:1::", ""]
MEMBERS = [None, UUID(int=1), UUID(int=2)]


@dataclass(frozen=True)
class Asked:
    """A request, so many milliseconds after the one before."""

    after: int
    tenant: int
    member: int
    address: int
    requests: int
    cost: int

    @property
    def actor(self) -> Actor:
        origin = Origin(ADDRESSES[self.address])
        member = MEMBERS[self.member]
        return (ANONYMOUS if member is None else Actor(ActorKind.MEMBER, member)).coming_from(origin)

    @property
    def counts(self) -> Iterator[tuple[tuple[object, ...], int, int, int]]:
        """Where it counts: the key, the limit, the length of its window, and how much."""
        member, network = MEMBERS[self.member], NETWORKS[self.address]
        yield (self.tenant, "requests"), 9, SECOND, min(self.requests, 9)
        yield (self.tenant, "cost"), 120, MINUTE, min(self.cost, 120)
        if member:
            yield (self.tenant, member, "requests"), 4, SECOND, min(self.requests, 4)
            yield (self.tenant, member, "cost"), 60, MINUTE, min(self.cost, 60)
        if network:
            yield (self.tenant, network, "requests"), 6, SECOND, min(self.requests, 6)
        if network and not member:
            yield (self.tenant, network, "cost"), 80, MINUTE, min(self.cost, 80)


@dataclass
class Model:
    """Everything that was admitted, by key: when, and how much."""

    admitted: dict[tuple[object, ...], list[tuple[int, int]]] = field(default_factory=dict)

    def has_room(self, asked: Asked, now: int) -> bool:
        return all(self._used(key, length, now) + wanted <= most for key, most, length, wanted in asked.counts)

    def admit(self, asked: Asked, now: int) -> None:
        for key, _, _, wanted in asked.counts:
            self.admitted.setdefault(key, []).append((now, wanted))

    def busiest(self, key: tuple[object, ...], length: int) -> int:
        """The most that was admitted in any one stretch of that length, wherever it begins."""
        moments = self.admitted.get(key, [])
        return max(
            [sum(many for at, many in moments if start <= at < start + length) for start, _ in moments], default=0
        )

    def _used(self, key: tuple[object, ...], length: int, now: int) -> int:
        """What was admitted in the present window, and of the one before it the share that is not past."""
        window, of_window = now // length, {0: 0, 1: 0}
        for at, many in self.admitted.get(key, []):
            if window - at // length in of_window:
                of_window[window - at // length] += many
        return int(of_window[1] * (1 - Fraction(now % length, length))) + of_window[0]


def requests(longest: int) -> st.SearchStrategy[Sequence[Asked]]:
    """Requests of a few callers, close enough together for limits to be met and left behind."""
    pauses = st.one_of(st.integers(0, 400), st.integers(0, 2_500), st.integers(0, 90_000))
    one = st.builds(
        Asked,
        after=pauses,
        tenant=st.integers(0, len(TENANTS) - 1),
        member=st.integers(0, len(MEMBERS) - 1),
        address=st.integers(0, len(ADDRESSES) - 1),
        requests=st.integers(1, 5),
        cost=st.integers(1, 50),
    )
    return st.lists(one, max_size=longest)


@contextmanager
def clock_at() -> Iterator[list[int]]:
    """A clock that shows the milliseconds in this list; the plan that the model knows is there as well."""
    shown = [START]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime.fromtimestamp(shown[0] / 1000, UTC))
        patch.setitem(PLANS, SMALL.name, SMALL)
        yield shown
