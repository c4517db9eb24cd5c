"""What many wish at once is done together, in turn, and whoever cannot be served is told so."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from asyncpg.exceptions import ConnectionDoesNotExistError, DeadlockDetectedError, SerializationError

from core.errors import Busy
from tenants.batches import REPETITIONS, Batches, Bounds, Key, Unsure

pytestmark = pytest.mark.anyio
PATIENT = Bounds(most=4, at_once=1, patience=60)


@dataclass
class Counter:
    """Doubles numbers, and remembers which it was handed together."""

    batches: list[tuple[Key, list[int]]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    bad: frozenset[int] = frozenset()
    failures: list[Exception] = field(default_factory=list)

    async def perform(self, key: Key, wishes: Sequence[int]) -> list[int]:
        self.batches.append((key, list(wishes)))
        await self.open.wait()
        if self.failures:
            raise self.failures.pop()
        if self.bad.intersection(wishes):
            raise ZeroDivisionError
        return [2 * wish for wish in wishes]


async def _waiting(batches: Batches[int, int], wishes: Sequence[tuple[Key, int]]) -> list[asyncio.Task[int]]:
    """The wishes, each waiting for its answer."""
    tasks = [asyncio.create_task(batches.submit(key, wish)) for key, wish in wishes]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_while_others_are_served_is_served_together() -> None:
    counter = Counter()
    batches = Batches(counter.perform, PATIENT)
    tasks = await _waiting(batches, [((1, "a"), wish) for wish in range(7)])
    counter.open.set()
    assert await asyncio.gather(*tasks) == [0, 2, 4, 6, 8, 10, 12]
    assert [wishes for _, wishes in counter.batches] == [[0, 1, 2, 3], [4, 5, 6]]


async def test_tenants_take_turns_however_many_one_of_them_sends() -> None:
    counter = Counter()
    batches = Batches(counter.perform, Bounds(most=1, at_once=1, patience=60))
    crowd = [((1, shop), 0) for shop in "ab" for _ in range(3)]
    tasks = await _waiting(batches, [*crowd, ((2, "a"), 0)])
    counter.open.set()
    await asyncio.gather(*tasks)
    assert [key for key, _ in counter.batches] == [
        (1, "a"),
        (2, "a"),
        (1, "b"),
        (1, "a"),
        (1, "b"),
        (1, "a"),
        (1, "b"),
    ]


async def test_a_queue_is_never_served_twice_at_once_and_different_ones_are() -> None:
    counter = Counter()
    batches = Batches(counter.perform, Bounds(most=1, at_once=3, patience=60))
    tasks = await _waiting(batches, [((1, "a"), 0), ((1, "a"), 1), ((1, "b"), 2)])
    assert counter.batches == [((1, "a"), [0]), ((1, "b"), [2])]
    counter.open.set()
    await asyncio.gather(*tasks)


async def test_a_tenant_whose_transactions_hang_leaves_one_for_the_others() -> None:
    counter = Counter()
    batches = Batches(counter.perform, Bounds(most=1, at_once=2, patience=60))
    tasks = await _waiting(batches, [((1, shop), 0) for shop in "abc"])
    tasks += await _waiting(batches, [((2, "a"), 0)])
    assert [key for key, _ in counter.batches] == [(1, "a"), (1, "b"), (2, "a")]
    counter.open.set()
    await asyncio.gather(*tasks)
    assert [key for key, _ in counter.batches][3:] == [(1, "c")]


async def test_nobody_is_overlooked_who_comes_while_the_last_one_leaves() -> None:
    counter = Counter()
    counter.open.set()
    batches = Batches(counter.perform, Bounds(most=1, at_once=1, patience=60))

    async def come_again_and_again(tenant: int) -> list[int]:
        return [await batches.submit((tenant, "a"), wish) for wish in range(20)]

    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(come_again_and_again(tenant) for tenant in range(4)))
    assert answers == [[2 * wish for wish in range(20)]] * 4


async def test_one_that_cannot_be_done_fails_alone() -> None:
    counter = Counter(bad=frozenset({1}))
    batches = Batches(counter.perform, PATIENT)
    tasks = await _waiting(batches, [((1, "a"), wish) for wish in range(3)])
    counter.open.set()
    first, second, third = await asyncio.gather(*tasks, return_exceptions=True)
    assert (first, third) == (0, 4)
    assert isinstance(second, ZeroDivisionError)


@pytest.mark.parametrize("error", [DeadlockDetectedError, SerializationError, ConnectionDoesNotExistError])
async def test_what_was_given_up_or_cut_off_is_tried_again_together(error: type[Exception]) -> None:
    counter = Counter(failures=[error() for _ in range(REPETITIONS)])
    counter.open.set()
    batches = Batches(counter.perform, PATIENT)
    assert await asyncio.gather(*await _waiting(batches, [((1, "a"), 1), ((1, "a"), 2)])) == [2, 4]
    assert [wishes for _, wishes in counter.batches] == [[1, 2]] * (REPETITIONS + 1)


async def test_whoever_finds_the_queue_full_is_told_at_once_and_other_tenants_are_not() -> None:
    counter = Counter()
    batches = Batches(counter.perform, Bounds(most=1, at_once=1, room=2, patience=60))
    tasks = await _waiting(batches, [((1, "a"), 0)])  # who is being served does not wait any more
    tasks += await _waiting(batches, [((1, "a"), wish) for wish in range(1, 4)])
    with pytest.raises(Busy):
        await tasks[3]
    tasks += await _waiting(batches, [((2, "a"), 5)])
    counter.open.set()
    assert await asyncio.gather(*tasks[:3], *tasks[4:]) == [0, 2, 4, 10]


async def test_whoever_has_waited_too_long_is_told_and_not_served() -> None:
    counter = Counter()
    batches = Batches(counter.perform, Bounds(most=1, at_once=1, patience=0.01))
    first, second = await _waiting(batches, [((1, "a"), 1), ((1, "a"), 2)])
    with pytest.raises(Busy) as busy:
        await second
    assert busy.value.retry_after == 1
    counter.open.set()
    assert await first == 2
    assert [wishes for _, wishes in counter.batches] == [[1]]


async def test_whoever_has_left_is_not_served_and_leaves_room() -> None:
    counter = Counter()
    batches = Batches(counter.perform, Bounds(most=1, at_once=1, room=1, patience=60))
    [first] = await _waiting(batches, [((1, "a"), 1)])
    [second] = await _waiting(batches, [((1, "a"), 2)])
    second.cancel()
    counter.open.set()
    assert await first == 2
    assert await batches.submit((1, "a"), 3) == 6
    assert [wishes for _, wishes in counter.batches] == [[1], [3]]


async def test_a_refusal_of_all_is_told_to_each() -> None:
    async def refuse(_: Key, __: Sequence[int]) -> list[int]:
        raise Busy

    batches: Batches[int, int] = Batches(refuse, PATIENT)
    tasks = await _waiting(batches, [((1, "a"), 1), ((1, "a"), 2)])
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Busy, Busy]


async def test_what_may_have_come_to_pass_is_not_repeated() -> None:
    times = 0

    async def lose(_: Key, __: Sequence[int]) -> list[int]:
        nonlocal times
        times += 1
        raise Unsure

    batches: Batches[int, int] = Batches(lose, PATIENT)
    tasks = await _waiting(batches, [((1, "a"), 1), ((1, "a"), 2)])
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert ([type(answer) for answer in answers], times) == ([Unsure, Unsure], 1)


async def test_nothing_is_kept_of_queues_that_are_empty() -> None:
    counter = Counter()
    counter.open.set()
    batches = Batches(counter.perform, PATIENT)
    await asyncio.gather(*(batches.submit((tenant, "a"), tenant) for tenant in range(9)))
    await batches.close()
    assert not any((batches._queues, batches._ready, batches._waiting, batches._turns, batches._lanes, batches._served))
