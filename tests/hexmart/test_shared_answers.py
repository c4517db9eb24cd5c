"""Redis carries answers from process to process; it can be slow, gone or wrong, and nobody waits or is misled."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from hexmart.answers import Answer, SharedAnswers, Stamp, circuit, kept, shared
from tenants.changes import WHOLE, Change
from tests.hexmart.sharing import BRAND, KEY, SECRET, URL, Process, Wire

pytestmark = pytest.mark.anyio


@pytest.fixture
async def wire(redis: Redis) -> AsyncIterator[Wire]:  # noqa: ARG001 - without it there is nothing to test
    made = Wire()
    yield made
    for process in made.processes:
        await process.close()


async def pair(wire: Wire) -> tuple[Process, Process]:
    """Two processes that have both asked before: the first question of each says that nothing older is good."""
    processes = Process(wire), Process(wire)
    for process in processes:
        await process.asked()
    return processes


async def test_what_one_process_has_kept_the_other_gives_as_it_is(wire: Wire) -> None:
    here, there = await pair(wire)
    await here.answered()
    stamp = Stamp(BRAND, there.moment)
    assert await there.ask(KEY, stamp) == here.get(KEY) == there.get(KEY)
    assert there.get(KEY) == Answer.of(b"body", slug=BRAND, tables=["variant", "shelf"])
    assert await there.ask((*KEY, "other"), stamp) is None


async def test_entries_end_with_their_time(wire: Wire, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = await pair(wire)
    await here.answered()
    entry = SharedAnswers(URL, SECRET)._entry(BRAND, KEY)
    assert (kept.LIFETIME - 10) * 1000 < await redis.pttl(entry) <= kept.LIFETIME * 1000
    await redis.pexpire(entry, 10_000)
    assert await there.asked() == b"body"
    now = monotonic()
    monkeypatch.setattr(kept, "monotonic", lambda: now + 9)
    assert there.get(KEY)
    monkeypatch.setattr(kept, "monotonic", lambda: now + 11)
    assert there.get(KEY) is None


@pytest.mark.parametrize("table", ["variant", "shelf", WHOLE])
async def test_a_change_is_brought_by_whoever_heard_of_it(wire: Wire, table: str) -> None:
    here, there = await pair(wire)
    without_redis = Process(wire, None)
    await here.answered()
    assert await there.asked() == b"body"
    without_redis.wrote(table)
    assert await there.asked() is None
    without_redis.wrote(table)
    await here.answered(b"new")
    assert await there.asked() == b"new"  # it was heard there as well, and is not brought a second time


async def test_a_change_that_is_brought_late_makes_no_older_answer_good_again(wire: Wire) -> None:
    here, there = await pair(wire)
    first, second = (Change(BRAND, frozenset({"variant"}), origin, 1) for origin in ("one process", "another"))
    here.drop(first)
    await here.answered()
    here.drop(second)
    assert await here.asked() is None
    there.drop(second)
    there.drop(first)
    assert await there.asked() is None


async def test_a_change_that_is_heard_while_redis_is_asked_is_brought_later(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = await pair(wire)
    await here.answered()
    assert there.redis
    look = there.redis._look

    async def look_and_hear(*arguments: Any) -> Any:
        found = await look(*arguments)
        there.changes.wrote(BRAND, ["shelf"])
        return found

    there.wrote("variant")
    monkeypatch.setattr(there.redis, "_look", look_and_hear)
    assert await there.asked() is None
    monkeypatch.setattr(there.redis, "_look", look)
    assert [table for table, _ in there.redis._to_bring[BRAND]] == ["shelf"]
    assert await there.asked() is None
    assert there.redis._to_bring == {}


async def test_other_tables_and_other_brands_change_nothing(wire: Wire) -> None:
    here, there = await pair(wire)
    await here.answered()
    here.wrote("cart", "stock")
    there.changes.wrote("other", ["variant"])
    assert await there.asked() == b"body"


async def test_an_answer_read_before_a_change_is_not_taken_whoever_left_it(wire: Wire) -> None:
    here, there = await pair(wire)
    deaf = Process(Wire())
    await deaf.asked()
    stamp = Stamp(BRAND, deaf.moment)
    await deaf.ask(KEY, stamp)
    here.wrote("variant")
    assert await here.asked() is None
    await deaf.answered(b"old", stamp)
    assert deaf.get(KEY)
    assert await there.asked() is None
    await deaf.close()


async def test_an_answer_that_is_too_late_here_is_not_left_for_others(wire: Wire) -> None:
    here, there = await pair(wire)
    stamp = Stamp(BRAND, here.moment)
    await here.ask(KEY, stamp)
    here.wrote("variant")
    await here.answered(b"old", stamp)
    assert await there.asked() is None


@pytest.mark.parametrize("lost", ["versions", "brought"])
async def test_versions_that_were_lost_make_nothing_good_again(wire: Wire, redis: Redis, lost: str) -> None:
    here, there = await pair(wire)
    name = SharedAnswers(URL, SECRET)._name_of(BRAND, lost)
    await redis.delete(name)
    await here.answered()
    here.wrote("variant")
    assert await there.asked() is None
    await redis.delete(name)
    assert await there.asked() is None


async def test_who_begins_or_missed_something_takes_nothing_older(wire: Wire) -> None:
    here, there = await pair(wire)
    await here.answered()
    there.changes.missed()
    assert await there.asked() is None
    await there.answered(b"new")
    assert await here.asked() == b"new"
    newcomer = Process(wire)
    assert await newcomer.asked() is None


async def test_what_nobody_asks_about_is_not_remembered_one_by_one(wire: Wire) -> None:
    here, there = await pair(wire)
    await here.answered()
    assert there.redis
    for number in range(shared.MOST_TO_BRING + 1):
        there.redis.bring(Change(BRAND, frozenset({"cart"}), f"process {number}", 1))
    assert len(there.redis._to_bring[BRAND]) == 1
    assert await there.asked() is None
    assert there.redis._to_bring == {}


async def test_what_is_no_entry_is_nobodys_failure(wire: Wire, redis: Redis) -> None:
    here, there = await pair(wire)
    await here.answered()
    await redis.set(SharedAnswers(URL, SECRET)._entry(BRAND, KEY), b"garbage")
    assert await there.asked() is None


async def test_a_redis_that_is_away_is_asked_seldom_and_told_everything(
    wire: Wire, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = await pair(wire)
    await here.answered()
    monkeypatch.setattr(circuit, "RETRY_SECONDS", 0.2)
    assert there.redis
    look, calls = there.redis._look, 0

    async def fail(*_: object) -> object:
        nonlocal calls
        calls += 1
        raise RedisError

    with capture_logs() as logs:
        monkeypatch.setattr(there.redis, "_look", fail)
        assert [await there.asked() for _ in range(5)] == [None] * 5
        assert calls == 1
        Process(wire, None).wrote("variant")
        await asyncio.sleep(0.25)
        assert [await there.asked() for _ in range(5)] == [None] * 5
        assert calls == 2
        monkeypatch.setattr(there.redis, "_look", look)
        await asyncio.sleep(0.25)
        assert await there.asked() is None  # the entry is there still, and older than what was heard meanwhile
        assert await redis.exists(there.redis._entry(BRAND, KEY))
    assert [entry["event"] for entry in logs] == [
        "Redis does not answer: answers are not shared",
        "Redis answers again",
    ]
