"""Wishes that many people have at the same moment, carried out together: as many at a time as have come meanwhile."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import structlog
from asyncpg.exceptions import DeadlockDetectedError, SerializationError
from pydantic import PositiveFloat, PositiveInt

from core.database import LOST
from core.errors import Busy, DomainError
from core.pacing import Doorway

Wish = TypeVar("Wish")
Answer = TypeVar("Answer")
Key = tuple[int, Hashable]  #: a tenant, and what of it only one transaction at a time should touch
Perform = Callable[[Key, Sequence[Wish]], Awaitable[Sequence[Answer]]]
log = structlog.get_logger("batches")

#: a transaction was given up for the sake of another, or its connection is gone and perhaps it came to pass
_AGAIN = (DeadlockDetectedError, SerializationError, *LOST)
REPETITIONS = 3  #: of such a one
PAUSE = 0.01  #: seconds before the first of them, at most
FEW = 32  #: who are told what came of their wishes in one round of the event loop
SPARE = 1  #: transactions more, of tenants that have none under way: one whose plugins hang may hold all the others


class Unsure(Exception):
    """Whether wishes came to pass is not known, and they may not come to pass twice: they are not repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is done together, and how much may wait."""

    most: PositiveInt = 128  #: wishes in a transaction
    at_once: PositiveInt = 2  #: transactions under way in this process, and a spare one; a store has one at most
    room: PositiveInt = 2_000  #: wishes of one tenant that wait; whoever comes later is told that it is busy
    patience: PositiveFloat = 2.0  #: seconds to wait for a turn, after which it is busy too


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Wish, Answer]):
    wish: Wish
    answer: asyncio.Future[Answer]
    gives_up: asyncio.TimerHandle


class Batches(Generic[Wish, Answer]):
    """Queues by key. A queue is carried out whenever it is its turn and somebody is free, never by a clock.

    Tenants take turns, and so do the queues of one: a crowd at one shop keeps nobody else waiting for longer than its
    turn. What fails as a whole is repeated one by one, so that a wish that cannot be carried out fails alone. So a
    wish has to bear being carried out again: what came of it the first time is its answer.
    """

    def __init__(self, perform: Perform[Wish, Answer], bounds: Bounds) -> None:
        self._perform = perform
        self._bounds = bounds
        self._queues: dict[Key, deque[_Waiting[Wish, Answer]]] = {}
        self._turns: deque[int] = deque()  #: tenants with a queue that nobody is carrying out
        self._ready: dict[int, deque[Key]] = {}  #: those queues
        self._waiting: dict[int, int] = {}  #: wishes in the queues of a tenant
        self._lanes: set[asyncio.Task[None]] = set()
        self._served: Counter[int] = Counter()  #: queues of a tenant that are being carried out
        self._door = Doorway(FEW)

    async def submit(self, key: Key, wish: Wish) -> Answer:
        """What comes of a wish; raises Busy where too many wait or it has waited too long."""
        tenant, loop = key[0], asyncio.get_running_loop()
        if self._waiting.get(tenant, 0) >= self._bounds.room:
            raise Busy
        answer: asyncio.Future[Answer] = loop.create_future()
        waiting = _Waiting(wish, answer, loop.call_later(self._bounds.patience, _give_up, answer))
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = deque()
            self._line_up(key)
        queue.append(waiting)
        self._waiting[tenant] = self._waiting.get(tenant, 0) + 1
        self._call_somebody()
        return await answer

    async def close(self) -> None:
        """Wait for what is under way; whoever still waits is answered."""
        while self._lanes:
            await asyncio.wait(self._lanes)

    def _line_up(self, key: Key) -> None:
        ready = self._ready.setdefault(key[0], deque())
        if not ready:
            self._turns.append(key[0])
        ready.append(key)

    def _call_somebody(self) -> None:
        if len(self._lanes) < self._bounds.at_once + SPARE and self._whose_turn(len(self._lanes) + 1) is not None:
            # what it does is everybody's: it must not stand in the log as the request that happened to call it
            self._lanes.add(asyncio.get_running_loop().create_task(self._carry_out_all(), context=Context()))

    async def _carry_out_all(self) -> None:
        lane = asyncio.current_task()
        assert lane is not None
        try:
            while (tenant := self._whose_turn(len(self._lanes))) is not None:
                await self._take_turn(tenant)
        finally:  # at once, and not by a callback: whoever comes in between would find all of them busy
            self._lanes.discard(lane)

    async def _take_turn(self, tenant: int) -> None:
        key = self._next(tenant)
        batch = self._take(key)
        self._served[tenant] += 1
        try:
            if batch:
                await self._carry_out(key, batch)
        finally:
            self._served -= Counter((tenant,))
            if self._queues[key]:
                self._line_up(key)
            else:
                del self._queues[key]

    def _whose_turn(self, lanes: int) -> int | None:
        """The tenant whose turn it is, when so many are under way."""
        spare = lanes > self._bounds.at_once
        return next((tenant for tenant in self._turns if not (spare and tenant in self._served)), None)

    def _next(self, tenant: int) -> Key:
        """The queue of a tenant whose turn it is; the tenant comes again after the others."""
        self._turns.remove(tenant)
        ready = self._ready[tenant]
        key = ready.popleft()
        if ready:
            self._turns.append(tenant)
        else:
            del self._ready[tenant]
        return key

    def _take(self, key: Key) -> list[_Waiting[Wish, Answer]]:
        """Those who have waited longest and are still there."""
        queue = self._queues[key]
        batch: list[_Waiting[Wish, Answer]] = []
        while queue and len(batch) < self._bounds.most:
            waiting = queue.popleft()
            self._waiting[key[0]] -= 1
            waiting.gives_up.cancel()
            if not waiting.answer.done():
                batch.append(waiting)
        if not self._waiting[key[0]]:
            del self._waiting[key[0]]
        return batch

    async def _carry_out(self, key: Key, batch: Sequence[_Waiting[Wish, Answer]]) -> None:
        try:
            answers = await self._attempt(key, [one.wish for one in batch])
        except (DomainError, Unsure) as refusal:  # of them all: there is no connection for them, or it was lost
            _fail(batch, refusal)
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits for it is told
            await self._repeat(key, batch, error)
        except BaseException:
            for one in batch:
                one.answer.cancel()
            raise
        else:
            for one, answer in zip(batch, answers, strict=True):
                self._door.let(partial(_tell, one.answer, answer))

    async def _repeat(self, key: Key, batch: Sequence[_Waiting[Wish, Answer]], error: Exception) -> None:
        """One by one, so that only those fail that cannot be carried out; one that was alone has failed."""
        if len(batch) == 1:
            _fail(batch, error)
            return
        log.warning("a batch failed and is repeated one by one", tenant=key[0], wishes=len(batch), exc_info=error)
        for one in batch:
            await self._carry_out(key, [one])

    async def _attempt(self, key: Key, wishes: Sequence[Wish]) -> Sequence[Answer]:
        for attempt in range(REPETITIONS):
            try:
                return await self._perform(key, wishes)
            except _AGAIN:
                await asyncio.sleep(random.uniform(0, PAUSE * 2**attempt))
        return await self._perform(key, wishes)


def _tell(waiting: asyncio.Future[Answer], answer: Answer) -> None:
    if not waiting.done():
        waiting.set_result(answer)


def _give_up(answer: asyncio.Future[Any]) -> None:
    if not answer.done():
        answer.set_exception(Busy())


def _fail(batch: Sequence[_Waiting[Any, Any]], error: Exception) -> None:
    for one in batch:
        if not one.answer.done():
            one.answer.set_exception(error)
