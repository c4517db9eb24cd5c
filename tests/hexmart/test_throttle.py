"""How much is asked: refused where it is too much, held against a model that remembers everything."""

import asyncio
from dataclasses import dataclass, replace
from math import gcd
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, memory
from limits.aio.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

from core.actors import ANONYMOUS, Actor, ActorKind, Origin
from core.errors import RateLimited
from tenants.plans import PLANS, plan_of
from tenants.throttle import Throttle
from tenants.throttle.admission import network_of
from tenants.throttle.windows import Attempts, Counters, Limit, Take
from tests.hexmart.throttling import CALLERS, MEMBERS, MINUTE, SECOND, TENANTS, Asked, Model, clock_at, requests


@dataclass
class Seen:
    admitted: int = 0
    refused: int = 0
    exact: int = 0  #: times to come again that were neither too early nor too late
    busiest: float = 0  #: share of a limit that was admitted in any stretch as long as its window


async def verdict(throttle: Throttle, asked: Asked) -> int | None:
    """Seconds to wait, None for who was let through."""
    try:
        await throttle.admit(TENANTS[asked.tenant], asked.actor, requests=asked.requests, cost=asked.cost)
    except RateLimited as refusal:
        return refusal.retry_after
    return None


async def compare(steps: list[Asked], now: list[int], seen: Seen) -> None:
    throttle, model = Throttle(CALLERS), Model()
    for asked in steps:
        now[0] += asked.after
        wait, room = await verdict(throttle, asked), model.has_room(asked, now[0])
        assert (wait is None) == room
        if wait is None:
            model.admit(asked, now[0])
            seen.admitted += 1
            continue
        seen.refused += 1
        assert model.has_room(asked, now[0] + wait * SECOND)
        assert not model.has_room(asked, now[0] + (wait - 1) * SECOND)
        seen.exact += 1
    for asked in steps:
        for key, most, length, _ in asked.counts:
            seen.busiest = max(seen.busiest, model.busiest(key, length) / most)


def test_the_limiter_does_what_the_model_does() -> None:
    seen = Seen()

    @settings(max_examples=300, deadline=None)
    @given(requests(60))
    def run(steps: list[Asked]) -> None:
        with clock_at() as now:
            asyncio.run(compare(steps, now, seen))

    run()
    print(  # noqa: T201 - the figure is wanted
        f"throttle: admitted={seen.admitted} refused={seen.refused} times to come again exact={seen.exact} "
        f"busiest stretch={seen.busiest:.2f} of a limit"
    )
    assert seen.refused > 100
    assert seen.busiest <= 2  # the worst that weighing can do: one limit at the end of a window, one late in the next


async def agree_with_the_library(steps: list[Asked], now: list[int], seconds: list[float]) -> None:
    """One limit of each kind against the strategies of `limits`, on its own storage."""
    storage = MemoryStorage()
    sliding, moving = SlidingWindowCounterRateLimiter(storage), MovingWindowRateLimiter(storage)
    counters, attempts = Counters(), Attempts()
    by_cost, by_request = RateLimitItemPerMinute(60), RateLimitItemPerSecond(3)
    for number, asked in enumerate(steps):
        now[0] += asked.after
        while gcd(now[0], MINUTE) > 1:  # else a share may be a whole number, which floating point just misses
            now[0] += 1
        seconds[0] = now[0] / SECOND
        take = Take("brand/cost", *Limit.of(by_cost), asked.cost)
        assert await sliding.hit(by_cost, "cost", cost=asked.cost) == (counters.take([take], now[0]) == 0)
        seconds[0] += number / 1e6  # to the library, what lies exactly one window back still counts
        one = [Take("brand/attempt", *Limit.of(by_request), 1)]
        free = not attempts.blocked(one, now[0])
        if free:
            attempts.enter(one, now[0])
        assert await moving.hit(by_request, "attempt") == free
    if storage.timer is not None:
        await storage.timer


@settings(max_examples=200, deadline=None)
@given(requests(40))
def test_windows_are_those_of_the_library(steps: list[Asked]) -> None:
    with clock_at() as now, pytest.MonkeyPatch.context() as patch:
        seconds = [0.0]
        patch.setattr(memory, "time", SimpleNamespace(time=lambda: seconds[0]))
        asyncio.run(agree_with_the_library(steps, now, seconds))


def test_all_is_counted_or_nothing() -> None:
    with clock_at() as now:
        now[0] = now[0] // MINUTE * MINUTE
        throttle = Throttle(CALLERS)
        greedy = Asked(0, 0, 1, 0, requests=5, cost=1)
        modest = Asked(0, 0, 0, 0, requests=1, cost=1)

        async def run() -> list[bool]:
            assert await verdict(throttle, greedy) is None  # five at once of a limit of four take all four of it
            assert await verdict(throttle, greedy) is not None  # the member has no room, though the others do
            return [await verdict(throttle, modest) is None for _ in range(3)]

        assert asyncio.run(run()) == [True, False, False]  # of the address's six, the five of the first and one


def test_brands_members_and_addresses_are_counted_apart() -> None:
    with clock_at():
        throttle = Throttle(CALLERS)

        async def run() -> list[bool]:
            for member in (1, 2):
                assert await verdict(throttle, Asked(0, 0, member, 1, requests=3, cost=1)) is None
            same_address = Asked(0, 0, 0, 1, requests=1, cost=1)
            other_brand = Asked(0, 1, 0, 1, requests=6, cost=1)
            other_address = Asked(0, 0, 0, 0, requests=3, cost=1)
            brand_full = Asked(0, 0, 0, 0, requests=1, cost=1)
            return [await verdict(throttle, a) is None for a in (same_address, other_brand, other_address, brand_full)]

        assert asyncio.run(run()) == [False, True, True, False]


def test_room_is_looked_for_without_taking_any() -> None:
    with clock_at():
        throttle = Throttle(CALLERS)
        member = Actor(ActorKind.MEMBER, MEMBERS[1])
        for _ in range(100):
            throttle.require_room(TENANTS[0], member)
        asyncio.run(throttle.admit(TENANTS[0], member, requests=4, cost=1))
        with pytest.raises(RateLimited) as refused:
            throttle.require_room(TENANTS[0], member)
        assert refused.value.retry_after in {1, 2}
        throttle.require_room(TENANTS[0], ANONYMOUS)


def test_what_is_over_is_forgotten() -> None:
    counters, attempts = Counters(), Attempts()
    for number in range(1_000):
        takes = [Take(f"brand/{number}", 5, SECOND, 1)]
        counters.take(takes, number * 10)
        attempts.enter(takes, number * 10)
    kept = [
        len(window.current) + len(window.previous) for window in (counters._windows[SECOND], attempts._windows[SECOND])
    ]
    assert max(kept) <= 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:1:aaaa:bbbb:cccc:dddd", "2001:db8:1:1::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unix:/run/proxy", "elsewhere"),
        ("1.2.3.4/../../x", "elsewhere"),
    ],
)
def test_a_household_is_one_place(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_demo_is_asked_as_much_as_anybody_likes() -> None:
    throttle, tenant = Throttle(CALLERS), replace(TENANTS[0], plan="demo")
    caller = Actor(ActorKind.MEMBER, MEMBERS[1], origin=Origin("198.51.100.7"))

    async def run() -> None:
        for _ in range(10_000):
            throttle.require_room(tenant, caller)
            await throttle.admit(tenant, caller, requests=5, cost=1_000)

    asyncio.run(run())


def test_a_plan_of_a_newer_release_is_taken_for_the_standard_one() -> None:
    assert plan_of("platinum") is PLANS["standard"]
    assert [plan_of(name).name for name in PLANS] == list(PLANS)
