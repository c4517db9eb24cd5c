"""Repeating something for a while, by one or several at a time."""

import asyncio
import itertools
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from bench.machine import Meter, grown

Operation = Callable[[int], Awaitable[object]]  #: is told the how-manieth it is, to ask for something else each time

WARM_UP = 0.1  #: of the time measured


@dataclass(slots=True)
class Sample:
    """What was seen while something was repeated."""

    clients: int
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    server_cpu: float = 0.0
    database_cpu: float = 0.0

    def __add__(self, other: "Sample") -> "Sample":
        return Sample(
            self.clients,
            self.seconds + other.seconds,
            self.latencies + other.latencies,
            self.server_cpu + other.server_cpu,
            self.database_cpu + other.database_cpu,
        )

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def cpu(self) -> float:
        """CPU seconds each time, server and database together."""
        return (self.server_cpu + self.database_cpu) / len(self.latencies)

    def percentile(self, share: float) -> float:
        """The latency that this share stays within."""
        return percentile(self.latencies, share)


@dataclass(frozen=True, slots=True)
class Contestant:
    """Something to repeat, by as many clients as there are operations."""

    operations: Sequence[Operation]
    meter: Meter


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of all does not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


async def measure(contestant: Contestant, seconds: float) -> Sample:
    """Repeat it for so long, after a while that is not counted."""
    return (await compare([contestant], seconds, turns=1))[0]


async def compare(contestants: Sequence[Contestant], seconds: float, turns: int = 2) -> list[Sample]:
    """Repeat each for so long, in turns, so that what else the machine does hits all alike."""
    for one in contestants:
        await _repeat(one.operations, max(seconds * WARM_UP, 0.3))
    samples = [Sample(len(one.operations)) for one in contestants]
    for _ in range(turns):
        for place, one in enumerate(contestants):
            samples[place] += await _observe(one, seconds / turns)
    return samples


async def _observe(one: Contestant, seconds: float) -> Sample:
    server_before, database_before = await one.meter.read()
    took, latencies = await _repeat(one.operations, seconds)
    server_after, database_after = await one.meter.read()
    return Sample(
        len(one.operations),
        took,
        latencies,
        grown(server_before, server_after),
        grown(database_before, database_after),
    )


async def _repeat(operations: Sequence[Operation], seconds: float) -> tuple[float, list[float]]:
    """Latencies of all that was begun in time, and how long that took until its end."""
    numbers, latencies = itertools.count(), list[float]()
    began = perf_counter()

    async def go_on(operation: Operation) -> None:
        while (start := perf_counter()) < began + seconds:
            await operation(next(numbers))
            latencies.append(perf_counter() - start)

    await asyncio.gather(*(go_on(operation) for operation in operations))
    return perf_counter() - began, latencies
