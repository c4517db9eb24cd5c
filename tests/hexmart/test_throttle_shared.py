"""Redis lets several processes count as one; where it is away each counts for itself, and nobody waits."""

import asyncio
import itertools
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from core.errors import RateLimited
from hexmart.throttle import SharedWindows
from tenants.throttle import STAFF_SIGN_IN, Throttle
from tests.hexmart.sharing import PATIENT, SECRET, URL
from tests.hexmart.throttling import ADDRESSES, CALLERS, TENANTS, Asked, Model, clock_at, requests

pytestmark = pytest.mark.anyio
NOBODY = "redis://127.0.0.1:1/0"
numbers = itertools.count()

GUESSER = """
import asyncio, sys
from core.errors import Invalid, RateLimited
from hexmart.throttle import SharedWindows
from tenants import Tenant
from tenants.throttle import STAFF_SIGN_IN, Throttle

async def guess(throttle, tenant):
    try:
        async with throttle.attempt(tenant, "198.51.100.7", STAFF_SIGN_IN, "somebody"):
            await asyncio.sleep(0.01)
            raise Invalid(reason="wrong")
    except RateLimited:
        return 0
    except Invalid:
        return 1

async def main(url, secret, slug):
    throttle = Throttle(shared=SharedWindows(url, bytes.fromhex(secret), patience=5.0))
    tenant = Tenant(1, slug, "", "CNY", "UTC", "zh", "ACTIVE")
    print(sum(await asyncio.gather(*(guess(throttle, tenant) for _ in range(200)))))
    await throttle.close()

asyncio.run(main(*sys.argv[1:]))
"""


@asynccontextmanager
async def processes(url: str = URL, *, patience: float = PATIENT) -> AsyncIterator[tuple[Throttle, Throttle]]:
    """Two that share a Redis."""
    made = [Throttle(CALLERS, SharedWindows(url, SECRET, patience=patience)) for _ in range(2)]
    yield made[0], made[1]
    for throttle in made:
        await throttle.close()


async def admitted(throttle: Throttle, asked: Asked, slug: str) -> bool:
    try:
        tenant = replace(TENANTS[asked.tenant], slug=f"{slug}-{asked.tenant}")
        await throttle.admit(tenant, asked.actor, requests=asked.requests, cost=asked.cost)
    except RateLimited:
        return False
    return True


async def guess(throttle: Throttle, slug: str, *, right: bool = False) -> str:
    try:
        async with throttle.attempt(replace(TENANTS[0], slug=slug), ADDRESSES[0], STAFF_SIGN_IN, "somebody"):
            await asyncio.sleep(0)
            if not right:
                raise LookupError
    except RateLimited:
        return "refused"
    except LookupError:
        return "failed"
    return "done"


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the LookupError of a guess count as one."""
    monkeypatch.setattr("tenants.throttle.guarding._is_failure", lambda _: True)


@pytest.mark.usefixtures("redis")
async def test_two_processes_count_as_the_model_counts_one() -> None:
    async def run(steps: list[Asked], turns: list[bool], now: list[int]) -> int:
        slug, model, refused = f"brand-{next(numbers)}", Model(), 0
        async with processes() as (here, there):
            for asked, turn in zip(steps, itertools.cycle(turns), strict=False):
                now[0] += asked.after
                let = await admitted(here if turn else there, asked, slug)
                assert let == model.has_room(asked, now[0])
                refused += not let
                if let:
                    model.admit(asked, now[0])
        return refused

    total = 0

    @settings(max_examples=40, deadline=None, derandomize=True)  # so that it is no luck whether any is refused
    @given(requests(40), st.lists(st.booleans(), min_size=1, max_size=5))
    def compare(steps: list[Asked], turns: list[bool]) -> None:
        nonlocal total
        with clock_at() as now:
            total += asyncio.run(run(steps, turns, now))

    await asyncio.to_thread(compare)  # each example in a loop of its own
    assert total > 10


@pytest.mark.usefixtures("redis")
async def test_what_another_process_has_given_away_is_gone_and_takes_nothing_else() -> None:
    slug, one = f"brand-{next(numbers)}", Asked(0, 0, 0, 0, requests=1, cost=1)
    with clock_at() as now:
        async with processes() as (here, there):
            others = [replace(one, address=number % 4) for number in range(20)]
            assert [await admitted(there, other, slug) for other in others].count(True) == 9
            member = replace(one, member=1, address=4, cost=20)
            assert not any([await admitted(here, member, slug) for _ in range(20)])
            now[0] += 3_000
            # what was refused has cost nothing: a minute's cost of sixty is all there
            assert [await admitted(here, member, slug) for _ in range(4)] == [True, True, True, False]


@pytest.mark.usefixtures("redis")
async def test_real_processes_share_the_tries_of_one_account() -> None:
    command = (sys.executable, "-c", GUESSER, URL, SECRET.hex(), f"brand-{next(numbers)}")
    begun = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: ASYNC220
    checked = [int(process.communicate(timeout=60)[0]) for process in begun]
    print(f"throttle: 2 processes x 200 guesses at once: {sum(checked)} checked")  # noqa: T201 - the figure is wanted
    assert sum(checked) == 5


@pytest.mark.usefixtures("redis", "wrong")
async def test_failures_are_shared_and_successes_leave_nothing(redis: Redis) -> None:
    slug = f"brand-{next(numbers)}"
    async with processes() as (here, there):
        for _ in range(20):
            assert (await guess(here, slug, right=True), await guess(there, slug, right=True)) == ("done", "done")
        name = SharedWindows(URL, SECRET)._name
        assert [key async for key in redis.scan_iter(f"{{hexmart:{name}:{slug}}}:*")] == []
        came = [await guess(throttle, slug) for throttle in (here, there, here, there, here)]
        assert came == ["failed"] * 5
        assert (await guess(here, slug), await guess(there, slug, right=True)) == ("refused", "refused")
        keys = [key async for key in redis.scan_iter(f"{{hexmart:{name}:{slug}}}:*")]
        assert len(keys) == 3
        assert all([0 < await redis.pttl(key) <= 3_600_000 for key in keys])


async def limit_of_brand(throttle: Throttle, slug: str) -> int:
    """How many requests a brand's guests get through at once."""
    asked = [Asked(0, 0, 0, number % 4, requests=1, cost=1) for number in range(40)]
    return [await admitted(throttle, one, slug) for one in asked].count(True)


@pytest.mark.usefixtures("wrong")
async def test_without_redis_each_process_counts_for_itself() -> None:
    slug = f"brand-{next(numbers)}"
    with clock_at(), capture_logs() as logs:
        async with processes(NOBODY) as both:
            assert [await limit_of_brand(throttle, slug) for throttle in both] == [9, 9]
            for throttle in both:
                assert [await guess(throttle, slug) for _ in range(7)] == ["failed"] * 5 + ["refused"] * 2
    assert {entry["event"] for entry in logs} == {"Redis does not answer: each process counts for itself"}
    assert len(logs) == 2  # once by each of them


async def test_nobody_waits_for_a_redis_that_does_not_answer() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    begun = perf_counter()
    with clock_at():
        async with processes(f"redis://127.0.0.1:{port}/0", patience=0.05) as (here, _):
            slug = f"brand-{next(numbers)}"
            asked = [Asked(0, 0, 0, number % 4, requests=1, cost=1) for number in range(200)]
            assert sum(await asyncio.gather(*(admitted(here, one, slug) for one in asked))) == 9
    assert perf_counter() - begun < 2
    server.close()
    await server.wait_closed()


@pytest.mark.usefixtures("redis")
async def test_a_crowd_does_not_make_redis_look_away() -> None:
    asked = [Asked(0, 0, 0, number % 4, requests=1, cost=1) for number in range(300)]
    with clock_at(), capture_logs() as logs:
        async with processes() as (here, there):
            for slug in [f"brand-{next(numbers)}" for _ in range(20)]:  # so that nearly all of them ask Redis
                assert sum(await asyncio.gather(*(admitted(here, one, slug) for one in asked[:15]))) == 9
            slugs = [f"brand-{next(numbers)}" for _ in asked]
            assert all(await asyncio.gather(*(admitted(there, *one) for one in zip(asked, slugs, strict=True))))
    assert logs == []


@pytest.mark.usefixtures("redis")
async def test_a_redis_that_goes_away_leaves_each_process_what_it_has_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object) -> object:
        raise RedisError

    slug = f"brand-{next(numbers)}"
    with clock_at():
        async with processes() as (here, there):
            asked = Asked(0, 0, 0, 0, requests=3, cost=1)
            assert await admitted(here, asked, slug)
            assert await admitted(there, asked, slug)
            for throttle in (here, there):
                assert isinstance(throttle._shared, SharedWindows)
                monkeypatch.setattr(throttle._shared, "_take", fail)
            assert [await admitted(throttle, asked, slug) for throttle in (here, here, there, there)] == [
                *(True, False),
                *(True, False),
            ]


@pytest.mark.usefixtures("redis")
async def test_what_stands_in_redis_by_mistake_stops_nobody(redis: Redis) -> None:
    slug = f"brand-{next(numbers)}"
    name = SharedWindows(URL, SECRET)._name
    await redis.set(f"{{hexmart:{name}:{slug}}}:staff_sign_in/subject/somebody", "garbage", px=5_000)
    async with processes() as (here, _):
        assert await guess(here, slug, right=True) == "done"


async def test_names_are_known_to_one_secret_alone() -> None:
    names: set[str] = set()
    make: Callable[[bytes], SharedWindows] = lambda secret: SharedWindows(NOBODY, secret)  # noqa: E731
    for secret in (SECRET, b"another secret, as long as this"):
        names.add(make(secret)._name)
    assert len(names) == 2
