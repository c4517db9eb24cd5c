"""Running what others have written: within its time, in its turn, and with an account of what comes of it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Self, TypeVar

from core.errors import DomainError
from core.events import Hopeless
from core.extensions import Breakers, Stuck, Watched, plugin_of
from tenants import Tenant

BUDGET = 30.0  #: seconds for one step of a job, or for a subscriber inside a transaction
AT_ONCE = 2  #: transactions of one plugin
HANDS = 4  #: transactions of all plugins together: what hangs must not hold every connection
_EVERYWHERE = 0  #: no tenant's id
Answer = TypeVar("Answer")


class OutOfTime(Exception):
    """What was run has not come to an end in the time it had."""


class Escaped(Exception):
    """What was run has tried to end more than itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """A subscriber or a job, and whose it is."""

    name: str
    plugin: str | None  #: None: core's own
    lane: str  #: the plugin, or the domain of core: what is slow keeps only its own lane waiting

    @classmethod
    def of(cls, name: str, function: Callable[..., object]) -> Self:
        """The part whose code the function is."""
        plugin = plugin_of(function.__module__)
        return cls(name, plugin, plugin or ".".join(function.__module__.split(".")[:2]))


async def in_time(part: Part, seconds: float, function: Callable[..., Awaitable[Answer]], *arguments: object) -> Answer:
    """What a part's function answers; whatever else it does comes out as an Exception, unless we are cancelled."""
    answering = _answer(function, *arguments)
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await (answering if part.plugin is None else Watched(answering))
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise OutOfTime(f"it has not ended within {seconds:g} seconds") from error
    except (asyncio.CancelledError, SystemExit) as error:
        if _is_cancelled():
            raise
        raise Escaped(type(error).__name__) from error


async def _answer(function: Callable[..., Awaitable[Answer]], *arguments: object) -> Answer:
    return await function(*arguments)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Care:
    """What the worker knows of those whose jobs and subscribers it runs: how they do, and how many run just now."""

    def __init__(self) -> None:
        self.tally: Counter[tuple[str, str]] = Counter()  #: by lane and outcome, since the process began
        self._breakers = Breakers(in_a_row=True)
        self._hands = asyncio.Semaphore(HANDS)
        self._hung: Counter[str] = Counter()  #: how often in a row, by lane
        self._lanes: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))

    @asynccontextmanager
    async def turn(self, part: Part) -> AsyncIterator[None]:
        """Hold a transaction's place for as long as the block lasts."""
        async with self._lanes[part.lane], nullcontext() if part.plugin is None else self._hands:
            yield

    def rests(self, tenant: Tenant, part: Part) -> bool:
        """Whether it is left alone at a tenant just now, or its whole lane is everywhere."""
        return self._is_open(tenant.id, part.name) or self._is_open(_EVERYWHERE, part.lane)

    def admits(self, tenant: Tenant, part: Part) -> bool:
        """Whether to run it now; what core itself does is put off one by one, and never as a whole."""
        if part.plugin is None:
            return True
        return (
            not self._is_open(_EVERYWHERE, part.lane)
            and self._breakers.admits(tenant.id, part.name)
            and self._breakers.admits(_EVERYWHERE, part.lane)
        )

    def succeeded(self, tenant: Tenant, part: Part, outcome: str) -> None:
        """It has done its part."""
        self.tally[part.lane, outcome] += 1
        self._hung[part.lane] = 0
        self._breakers.succeeded(tenant.id, part.name)
        self._breakers.succeeded(_EVERYWHERE, part.lane)

    def failed(self, tenant: Tenant, part: Part, outcome: str, error: Exception) -> None:
        """It has not; what refuses or gives up is well."""
        self.tally[part.lane, outcome] += 1
        if part.plugin is None or isinstance(error, DomainError | Hopeless):
            return
        hung = isinstance(error, OutOfTime | Stuck)  # that has cost enough to leave it alone at once
        self._breakers.failed(tenant.id, part.name, outcome, error, at_once=hung)
        self._hung[part.lane] += hung
        if self._hung[part.lane] >= AT_ONCE:
            self._breakers.failed(_EVERYWHERE, part.lane, outcome, error, at_once=True)

    def _is_open(self, tenant_id: int, name: str) -> bool:
        return self._breakers.condition(tenant_id, name).open
