"""Counting in windows of time, in this process: requests and their cost by counters, attempts one by one.

Counters weigh the window before the present one by how much of it still lies within a window's length, as the sliding
window counter of `limits` does; attempts are remembered with their moments, as its moving window does. Each moment is
the one of our clock, in milliseconds. Nothing is swept: when a window ends, all that was last seen in the one before
it is dropped at once.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from limits import RateLimitItem

from core import clock

Value = TypeVar("Value")


class Limit(NamedTuple):
    """So much in any window of that length."""

    most: int
    length: int  #: milliseconds

    @classmethod
    def of(cls, item: RateLimitItem) -> Self:
        """As `limits` writes it."""
        return cls(item.amount, item.get_expiry() * 1000)


class Take(NamedTuple):
    """So much of one limit; never more than all of it."""

    key: str  #: it begins with the tenant's slug and a slash; all of one call are one tenant's
    most: int  #: this and the next are the limit's
    length: int
    wanted: int


class Shared(Protocol):
    """The same windows for several processes, as far as they can be reached. Answers are milliseconds to wait."""

    async def take(self, takes: Sequence[Take], now: int) -> int:
        """Count all of them, or none where one has no room; 0 also where nobody answers."""

    async def enter(self, takes: Sequence[Take], now: int) -> int:
        """Remember an attempt in all of them, or in none."""

    async def withdraw(self, takes: Sequence[Take], moment: int) -> None:
        """Forget one attempt of that moment."""

    async def close(self) -> None:
        """Give back every connection."""


class Counters:
    """How often, by key; all or nothing."""

    def __init__(self) -> None:
        self._windows: dict[int, _Generations[int]] = {}

    def wait(self, takes: Iterable[Take], now: int) -> int:
        """Milliseconds until there is room for all of them if nobody else takes any; 0 where there is."""
        return max([self._wait(take, now) for take in takes], default=0)

    def take(self, takes: Sequence[Take], now: int) -> int:
        """Count all of them, unless there is something to wait for."""
        wait = self.wait(takes, now)
        if not wait:
            for take in takes:
                counts = self._windows[take.length].current
                counts[take.key] = counts.get(take.key, 0) + take.wanted
        return wait

    def give_back(self, takes: Iterable[Take], now: int) -> None:
        """Uncount what was taken at that moment, unless its window is over."""
        for take in takes:
            window = self._windows[take.length]
            if window.number == now // take.length and take.key in window.current:
                window.current[take.key] -= take.wanted

    def _wait(self, take: Take, now: int) -> int:
        window = self._windows.get(take.length)
        if window is None:
            window = self._windows[take.length] = _Generations(take.length)
        window.turn(now)
        before, present = window.previous.get(take.key, 0), window.current.get(take.key, 0)
        return until_room(take, before, present, now)


class Attempts:
    """Which of them, by key: each with its moment, so that it can be withdrawn and a window is exact."""

    def __init__(self) -> None:
        self._windows: dict[int, _Generations[deque[int]]] = {}

    def blocked(self, takes: Iterable[Take], now: int) -> dict[str, int]:
        """Those keys that have no room, and in how many milliseconds they will."""
        waits = {take.key: self._wait(take, now) for take in takes}
        return {key: wait for key, wait in waits.items() if wait}

    def enter(self, takes: Iterable[Take], now: int) -> None:
        """Remember an attempt; whoever calls has found room."""
        for take in takes:
            self._moments(take, now).append(now)

    def withdraw(self, takes: Iterable[Take], moment: int) -> None:
        """Forget one attempt of that moment, unless it is forgotten already."""
        for take in takes:
            window = self._windows[take.length]
            found = window.current.get(take.key) or window.previous.get(take.key)
            if found and moment in found:
                found.remove(moment)

    def _wait(self, take: Take, now: int) -> int:
        moments = self._moments(take, now)
        while moments and moments[0] + take.length <= now:
            moments.popleft()
        excess = len(moments) - take.most
        return moments[excess] + take.length - now if excess >= 0 else 0

    def _moments(self, take: Take, now: int) -> deque[int]:
        """Of one key, moved to the present window, since they were seen in it."""
        window = self._windows.get(take.length)
        if window is None:
            window = self._windows[take.length] = _Generations(take.length)
        window.turn(now)
        moments = window.current.get(take.key)
        if moments is None:
            moments = window.current[take.key] = window.previous.pop(take.key, deque())
        return moments


class _Generations(Generic[Value]):
    """Values by key: those seen in the present window, and in the one before it."""

    __slots__ = ("current", "length", "number", "previous")

    def __init__(self, length: int) -> None:
        self.length = length
        self.number = 0
        self.current: dict[str, Value] = {}
        self.previous: dict[str, Value] = {}

    def turn(self, now: int) -> None:
        """Begin the window that this moment lies in, if it is another."""
        number = now // self.length
        if number != self.number:
            self.previous = self.current if number == self.number + 1 else {}
            self.current = {}
            self.number = number


def milliseconds() -> int:
    """The present moment."""
    return int(clock.now().timestamp() * 1000)


def until_room(take: Take, before: int, present: int, now: int) -> int:
    """Milliseconds until a limit has room, with so much counted in the window before and in the present one."""
    length = take.length
    left = length - now % length  #: of the present window
    free = take.most - take.wanted - present  #: for what still counts of the window before
    if before * left // length <= free:
        return 0
    if free >= 0:
        return left - _counting_no_more_than(free, before, length)
    return left + length - _counting_no_more_than(take.most - take.wanted, present, length)


def _counting_no_more_than(most: int, counted: int, length: int) -> int:
    """The most milliseconds that may be left of a window for what was counted before it to weigh no more than that."""
    return min(length, -(-(most + 1) * length // counted) - 1)
