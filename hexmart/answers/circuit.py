"""Asking something that may be slow or away, without waiting for it."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

RETRY_SECONDS = 5.0
MOST_AT_ONCE = 16  #: questions; whoever finds so many waiting does without

Result = TypeVar("Result")
log = structlog.get_logger("answers")


class Circuit:
    """The way to Redis: open once it has failed or dawdled, and tried again by one question every few seconds."""

    def __init__(
        self, patience: float, *, without: str = "answers are not shared", most_at_once: int = MOST_AT_ONCE
    ) -> None:
        self._patience = patience
        self._complaint = f"Redis does not answer: {without}"
        self._most_at_once = most_at_once
        self._asking = 0
        self._away = False
        self._away_until = 0.0
        self._tasks: set[asyncio.Task[Any]] = set()

    async def attempt(self, operation: Callable[[], Awaitable[Result]]) -> Result | None:
        """What Redis says, or None where it is away or slow."""
        if self._asking >= self._most_at_once or monotonic() < self._away_until:
            return None
        if self._away:
            self._away_until = monotonic() + RETRY_SECONDS  # one tries for all
        self._asking += 1
        task = asyncio.create_task(_perform(operation))
        self._watch(task)
        try:
            await asyncio.wait({task}, timeout=self._patience)  # not timeout(): redis-py may lose a cancellation
        finally:
            self._asking -= 1
        return self._outcome(task)

    def begin(self, operation: Callable[[], Awaitable[Any]]) -> None:
        """Attempt something that nobody waits for."""
        self._watch(asyncio.create_task(self.attempt(operation)))

    async def end(self) -> None:
        """Let what is under way come to its end."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _outcome(self, task: asyncio.Task[Result]) -> Result | None:
        try:
            if not task.done():
                task.cancel()
                raise TimeoutError
            result = task.result()
        except (RedisError, OSError, ValueError) as error:
            self._is_away(error)
            return None
        if self._away:
            log.info("Redis answers again")
            self._away = False
        return result

    def _is_away(self, error: Exception) -> None:
        if not self._away:
            log.warning(self._complaint, error=type(error).__name__)
        self._away = True
        self._away_until = monotonic() + RETRY_SECONDS

    def _watch(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # perhaps nobody waits for it any more


def connect(url: str, patience: float) -> Redis:
    """A client that tries nothing twice and waits for nothing longer than that many seconds."""
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_timeout=patience, socket_connect_timeout=patience)


async def _perform(operation: Callable[[], Awaitable[Result]]) -> Result:
    return await operation()
