"""Attempts at what is guarded: failures count, exactly and in parallel as well; who succeeds is never refused."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from limits import parse

from core.errors import Busy, Invalid, RateLimited
from core.identity import TotpRequired
from tenants.throttle import Guard, Throttle
from tenants.throttle.guarding import ONE_TIME_CODE, takes_of
from tests.hexmart.throttling import ADDRESSES, MINUTE, NETWORKS, SMALL, TENANTS, clock_at

GUARD = Guard(
    name="door", pair=parse("3 per 15 minutes"), subject=parse("5 per hour"), address=parse("4 per 15 minutes")
)
QUARTER, HOUR = 15 * MINUTE, 60 * MINUTE
HERE, THERE = ADDRESSES[:2]


class Wrong(Invalid):
    """{reason}"""


async def attempt(
    throttle: Throttle,
    outcome: BaseException | None = None,
    *,
    address: str = HERE,
    subject: str = "somebody",
    guard: Guard = GUARD,
    verify: Callable[[], Awaitable[object]] | None = None,
) -> str:
    """What came of it."""
    try:
        async with throttle.attempt(TENANTS[0], address, guard, subject):
            if verify is not None:
                await verify()
            if outcome is not None:
                raise outcome
    except RateLimited as refusal:
        return f"refused for {refusal.retry_after}"
    except (Wrong, Busy, OSError, TotpRequired):
        return "failed"
    return "done"


def wrong() -> Wrong:
    return Wrong(reason="no")


def asked(test: Callable[[Throttle, list[int]], Coroutine[Any, Any, None]]) -> None:
    with clock_at() as now:
        asyncio.run(asyncio.wait_for(test(Throttle(), now), 30))  # who is never woken fails, and does not hang


@dataclass(frozen=True)
class Tried:
    after: int
    subject: int
    address: int
    right: bool


def has_room(failures: list[tuple[int, Tried]], tried: Tried, now: int) -> bool:
    """Counted anew from every failure there was."""
    network = NETWORKS[tried.address]
    same = [(at, one) for at, one in failures if one.subject == tried.subject]
    near = [(at, one) for at, one in failures if network and NETWORKS[one.address] == network]
    both = [(at, one) for at, one in near if one.subject == tried.subject]
    return (
        sum(at > now - QUARTER for at, _ in both) < 3
        and sum(at > now - HOUR for at, _ in same) < 5
        and sum(at > now - QUARTER for at, _ in near) < 4
    )


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.builds(
            Tried,
            after=st.one_of(st.integers(0, 10_000), st.integers(0, HOUR), st.sampled_from([QUARTER, HOUR])),
            subject=st.integers(0, 2),
            address=st.integers(0, len(ADDRESSES) - 1),
            right=st.booleans() | st.just(value=False),
        ),
        max_size=60,
    )
)
def test_failures_are_counted_as_the_model_counts_them(tries: list[Tried]) -> None:
    async def run(throttle: Throttle, now: list[int]) -> None:
        failures: list[tuple[int, Tried]] = []
        for tried in tries:
            now[0] += tried.after
            came = await attempt(
                throttle,
                None if tried.right else wrong(),
                address=ADDRESSES[tried.address],
                subject=f"subject-{tried.subject}",
            )
            assert came.startswith("refused") != has_room(failures, tried, now[0])
            if came == "failed":
                failures.append((now[0], tried))
            if came.startswith("refused"):
                seconds = int(came.rsplit(" ", 1)[1])
                assert has_room(failures, tried, now[0] + seconds * 1_000)
                assert not has_room(failures, tried, now[0] + (seconds - 1) * 1_000)

    asked(run)


def test_who_succeeds_is_never_refused() -> None:
    async def run(throttle: Throttle, _now: list[int]) -> None:
        most = verifying = 0

        async def verify() -> None:
            nonlocal most, verifying
            verifying += 1
            most = max(most, verifying)
            await asyncio.sleep(0)
            verifying -= 1

        for _ in range(200):
            assert await attempt(throttle) == "done"
        together = await asyncio.gather(*(attempt(throttle, verify=verify) for _ in range(200)))
        assert set(together) == {"done"}
        assert most == 3  # no more are verified at once than might all be wrong

    asked(run)


def test_guesses_in_parallel_share_no_try() -> None:
    async def run(throttle: Throttle, _now: list[int]) -> None:
        verified = 0

        async def verify() -> None:
            nonlocal verified
            verified += 1
            await asyncio.sleep(0)

        came = await asyncio.gather(*(attempt(throttle, wrong(), verify=verify) for _ in range(1_000)))
        assert (verified, came.count("failed"), came.count("refused for 900")) == (3, 3, 997)
        assert not throttle._guarding._undecided
        assert not throttle._guarding._waiting

    asked(run)


def test_a_place_that_is_left_is_taken_by_who_waits() -> None:
    async def run(throttle: Throttle, _now: list[int]) -> None:
        gates = [asyncio.Event() for _ in range(3)]
        begun = [
            asyncio.create_task(attempt(throttle, outcome, verify=gate.wait))
            for gate, outcome in zip(gates, (wrong(), wrong(), None), strict=True)
        ]
        waiting = [asyncio.create_task(attempt(throttle)) for _ in range(5)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
        gates[0].set()
        gates[1].set()
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)  # the third is still undecided
        waiting[0].cancel()
        gates[2].set()
        assert await asyncio.gather(*begun) == ["failed", "failed", "done"]
        assert await asyncio.gather(*waiting[1:]) == ["done"] * 4

    asked(run)


def test_nobody_waits_longer_than_for_one_place() -> None:
    async def run(throttle: Throttle, _now: list[int]) -> None:
        gates = [asyncio.Event() for _ in range(3)]
        begun = [asyncio.create_task(attempt(throttle, verify=gate.wait)) for gate in gates]
        waiting = [asyncio.create_task(attempt(throttle)) for _ in range(5)]
        await asyncio.sleep(0.01)
        gates[0].set()
        assert await asyncio.gather(*waiting) == ["done"] * 5  # one after another, while two are still undecided
        for gate in gates:
            gate.set()
        assert await asyncio.gather(*begun) == ["done"] * 3

    asked(run)


def test_who_hangs_up_has_guessed_all_the_same() -> None:
    async def run(throttle: Throttle, _now: list[int]) -> None:
        for _ in range(3):
            task = asyncio.create_task(attempt(throttle, verify=asyncio.Event().wait))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert await attempt(throttle) == "refused for 900"

    asked(run)


@pytest.mark.parametrize("error", [OSError, Busy, TotpRequired])
def test_what_is_not_their_fault_is_no_failure(error: type[Exception]) -> None:
    async def run(throttle: Throttle, _now: list[int]) -> None:
        for _ in range(10):
            assert await attempt(throttle, error()) == "failed"
        assert await attempt(throttle) == "done"

    asked(run)


def test_a_locked_pair_is_free_after_its_window() -> None:
    async def run(throttle: Throttle, now: list[int]) -> None:
        for _ in range(3):
            assert await attempt(throttle, wrong()) == "failed"
            now[0] += MINUTE
        assert await attempt(throttle) == f"refused for {12 * 60}"
        assert await attempt(throttle, address=THERE) == "done"
        assert await attempt(throttle, subject="somebody else") == "done"
        now[0] += 12 * MINUTE - 1
        assert await attempt(throttle) == "refused for 1"
        now[0] += 1
        assert await attempt(throttle) == "done"

    asked(run)


def test_what_costs_money_counts_when_it_succeeds() -> None:
    guard = replace(ONE_TIME_CODE, subject=parse("2 per hour"))

    async def run(throttle: Throttle, _now: list[int]) -> None:
        for _ in range(5):
            assert await attempt(throttle, wrong(), guard=guard) == "failed"  # sent too soon after another, say
        came = [await attempt(throttle, guard=guard, address=address) for address in (HERE, THERE, HERE)]
        assert came == ["done", "done", "refused for 3600"]

    asked(run)


def test_a_plan_says_how_many_codes_a_brand_may_send() -> None:
    takes = takes_of(ONE_TIME_CODE, replace(SMALL, otp_per_hour=7), "brand", "", "")
    assert [(take.key, take.most, take.length) for take in takes] == [("brand/one_time_code", 7, HOUR)]
    assert takes_of(ONE_TIME_CODE, SMALL, "brand", "", "") == []
