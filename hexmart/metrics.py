"""What is counted, for Prometheus: of all processes that serve together, whichever of them is asked."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, MutableMapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import psutil
import structlog
from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hexmart.live import Live
from hexmart.scopes import Send
from schema.engine import Engine

TOLD_EVERY = 1.0  #: seconds; a process that is killed takes with it what it has counted since
log = structlog.get_logger("metrics")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of one process: what it has counted since it began, and what it holds now."""

    pid: int
    started: float
    responses: dict[str, int]
    root_fields: dict[str, int]
    worked: dict[str, dict[str, int]]  #: what the worker ran, by plugin or domain and outcome
    cpu_seconds: float
    documents: int
    resident_bytes: int
    open_files: int
    callbacks: dict[str, dict[str, int]] = field(default_factory=dict)  #: of providers, by plugin and outcome
    listeners: int = 0
    live_results: int = 0
    live_delay_seconds: float = 0

    def is_current(self) -> bool:
        """Whether the process still serves: what a dead one has counted stays, what it held is gone."""
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            return process.ppid() == os.getppid() and process.status() != psutil.STATUS_ZOMBIE
        return False


class Metrics(Collector):
    """Reads what the engine counts anyway once somebody asks; only responses are counted here."""

    def __init__(
        self,
        engine: Engine,
        directory: Path | None,
        worked: Mapping[tuple[str, str], int] | None = None,
        called: Mapping[tuple[str, str], int] | None = None,
        live: Live | None = None,
    ) -> None:
        self._engine = engine
        self._live = live
        self._called = {} if called is None else called
        self._worked = {} if worked is None else worked  # it is empty at first
        self._board = None if directory is None else Board(directory)
        self._process = psutil.Process()
        self._responses = [0] * 600  #: by status

    def counting(self, send: Send) -> Send:
        """The same, and the response that is sent by it is counted."""
        return partial(_send_counted, self._responses, send)

    def count(self, status: int) -> None:
        """Count a response that was sent past `counting`."""
        self._responses[status] += 1

    async def answer(self) -> Response:
        """Every number, as Prometheus reads it."""
        return Response(generate_latest(self), media_type=CONTENT_TYPE_LATEST)

    def collect(self) -> Iterator[Metric]:
        """The sums over all processes."""
        everybody = [self._numbers()]
        if self._board is not None:
            # first, so that whoever is asked next counts no less of this process than is said here
            self._board.put(everybody[0])
            everybody += self._board.others()
        return families(everybody)

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """Keep the other processes informed for as long as the block lasts."""
        if self._board is None:
            yield
            return
        telling = asyncio.create_task(self._tell(self._board))
        try:
            yield
        finally:
            telling.cancel()
            self._board.put(self._numbers())

    async def _tell(self, board: "Board") -> None:
        while True:
            board.put(self._numbers())
            await asyncio.sleep(TOLD_EVERY)

    def _numbers(self) -> Numbers:
        with self._process.oneshot():
            cpu = self._process.cpu_times()
            return Numbers(
                pid=self._process.pid,
                started=self._process.create_time(),
                responses={f"{digit}xx": sum(self._responses[digit * 100 :][:100]) for digit in range(2, 6)},
                root_fields=dict(self._engine.tally),
                worked=_by_part(self._worked),
                cpu_seconds=cpu.user + cpu.system,
                documents=len(self._engine.documents),
                resident_bytes=self._process.memory_info().rss,
                open_files=self._process.num_fds(),
                callbacks=_by_part(self._called),
                **_of_live(self._live),
            )


def _of_live(live: Live | None) -> dict[str, Any]:
    if live is None:
        return {}
    return {
        "listeners": len(live.following),
        "live_results": live.results,
        "live_delay_seconds": live.delay,
    }


def _by_part(worked: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (part, outcome), count in worked.items():
        found.setdefault(part, {})[outcome] = count
    return found


def _send_counted(responses: list[int], send: Send, message: MutableMapping[str, Any]) -> Awaitable[None]:
    """Every request pays for this: a fraction of a microsecond."""
    if "status" in message:  # its beginning, and nothing else that is sent
        responses[message["status"]] += 1
    return send(message)


class Board:
    """A directory in which each process keeps its numbers for the others to read."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._own = directory / f"{os.getpid()}-{os.urandom(4).hex()}.json"  # a number may come again after a death

    def put(self, numbers: Numbers) -> None:
        """Write them where nobody ever sees half of them."""
        fresh = self._own.with_suffix(".new")
        try:
            fresh.write_bytes(orjson.dumps(numbers))
            fresh.replace(self._own)
        except OSError as error:  # a full disk must not keep anybody from asking
            log.warning("numbers cannot be told", error=error.strerror)

    def others(self) -> list[Numbers]:
        """Of every other process, the dead ones too."""
        paths = [path for path in self._directory.glob("*.json") if path != self._own]
        return [Numbers(**orjson.loads(path.read_bytes())) for path in paths]


def families(everybody: list[Numbers]) -> Iterator[Metric]:
    """What was counted by anybody ever, and what is held by those that still serve."""
    current = [numbers for numbers in everybody if numbers.is_current()]
    yield _counters("hexmart_http_responses", "Responses.", "status", [one.responses for one in everybody])
    yield _counters(
        "hexmart_root_fields",
        "Root fields answered: compiled, or why graphql-core completed them.",
        "execution",
        [one.root_fields for one in everybody],
    )
    said = "Deliveries and runs of jobs, by plugin or domain of core: delivered, failed, dead, job_run, job_failed."
    yield _outcomes("hexmart_worker_runs", said, [one.worked for one in everybody])
    said = "Calls of providers, by plugin: answered, failed, late; those that are nobody's by unknown."
    yield _outcomes("hexmart_callbacks", said, [one.callbacks for one in everybody])
    for name, documentation, total in (
        ("hexmart_live_results", "Results told to those who follow.", sum(one.live_results for one in everybody)),
        (
            "hexmart_live_delay_seconds",
            "From the commit until its result was handed over, of all of them together.",
            sum(one.live_delay_seconds for one in everybody),
        ),
    ):
        yield CounterMetricFamily(name, documentation, total)
    yield CounterMetricFamily("process_cpu_seconds", "CPU time.", sum(one.cpu_seconds for one in everybody))
    for name, documentation, value in (
        ("hexmart_processes", "Processes that serve.", len(current)),
        ("hexmart_listeners", "Subscriptions that are followed.", sum(one.listeners for one in current)),
        (
            "hexmart_documents",
            "Documents remembered, by each process for itself.",
            sum(one.documents for one in current),
        ),
        ("process_resident_memory_bytes", "Memory.", sum(one.resident_bytes for one in current)),
        ("process_open_fds", "Open files and connections.", sum(one.open_files for one in current)),
        ("process_start_time_seconds", "When the youngest process began.", max(one.started for one in current)),
    ):
        yield GaugeMetricFamily(name, documentation, value)


def _outcomes(name: str, documentation: str, counted: list[dict[str, dict[str, int]]]) -> Metric:
    family = CounterMetricFamily(name, documentation, labels=["plugin", "outcome"])
    total: Counter[tuple[str, str]] = Counter()
    for by_part in counted:
        total.update({(part, outcome): count for part, found in by_part.items() for outcome, count in found.items()})
    for key, count in sorted(total.items()):
        family.add_metric(key, count)
    return family


def _counters(name: str, documentation: str, label: str, counted: list[dict[str, int]]) -> Metric:
    family = CounterMetricFamily(name, documentation, labels=[label])
    total: Counter[str] = Counter()
    for counts in counted:
        total.update(counts)
    for key, count in sorted(total.items()):
        family.add_metric([key], count)
    return family
