"""One document on data in memory: our engine, Strawberry, a program by hand; over HTTP Apollo and graphql-jit too."""

import gc
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median
from time import process_time
from typing import Any

import orjson

from bench import in_memory_loaders, in_memory_strawberry
from bench.client import Address, Unexpected, connected, request
from bench.data import GROCER
from bench.in_memory import DOCUMENT, LEAVES, SHOWN, VARIABLES, by_hand, leaves
from bench.in_memory_house import REQUEST, asked, shop
from bench.in_memory_node import Commands, NoNode, commands, environment
from bench.machine import Meter
from bench.measuring import Contestant, Sample, measure
from bench.reads import asking
from bench.report import Report
from bench.running import main
from bench.servers import served
from bench.stage import Stage
from schema.engine import Engine

ROUNDS, HTTP_ROUNDS = 9, 5  #: that a median is taken of
AT_ONCE = 10  #: requests between two looks at the clock
CLIENTS = 16
UNTIL_HOT = 6.0  #: seconds until V8 has compiled what Apollo runs through; they are not counted
NO_SESSIONS = "bench-in-memory"  #: these servers hold none in the database
OURS = ("compiled", "strawberry_cached")  #: what bench.in_memory_servers serves
BODY = request(DOCUMENT, **VARIABLES)

Ask = Callable[[], Awaitable[Any]]


@dataclass
class Compared(Report):
    """A report that says what was left out, and why."""

    skipped: dict[str, str] = field(default_factory=dict)

    def show(self) -> None:
        """Print that too."""
        super().show()
        for what, why in self.skipped.items():
            print(f"  {what.replace('_', ' ')}: skipped, {why}")


async def run(stage: Stage) -> Report:
    """Measure in this process, then over HTTP."""
    report = Compared("execution")
    await _in_process(report, stage.seconds)
    servers: Commands = {name: (sys.executable, "-m", "bench.in_memory_servers", name) for name in OURS}
    try:
        servers = {**servers, **commands()}
    except NoNode as why:
        report.skipped["apollo_and_graphql_jit"] = str(why)
    await _over_http(report, stage, servers)
    return report


def _asks() -> Mapping[str, Ask]:
    """How each is asked."""
    engine = Engine(shop())

    async def hand() -> dict[str, Any]:
        return by_hand(SHOWN)

    return {
        "strawberry": lambda: in_memory_strawberry.DEFAULT.execute(DOCUMENT, VARIABLES),
        "strawberry_cached": lambda: in_memory_strawberry.CACHED.execute(DOCUMENT, VARIABLES),
        "strawberry_loaders": lambda: in_memory_loaders.SCHEMA.execute(
            DOCUMENT, VARIABLES, context_value=in_memory_loaders.loaders()
        ),
        "compiled": lambda: engine.execute(REQUEST, asked()),
        "by_hand": hand,
    }


async def _in_process(report: Compared, seconds: float) -> None:
    """CPU of a request; to encode the answer costs all the same, and is left out."""
    asks = _asks()
    for name, ask in asks.items():
        answer = await ask()
        _agree(name, answer if isinstance(answer, dict) else {"data": answer.data})
    rounds = [[await _cpu(ask, seconds / ROUNDS) for ask in asks.values()] for _ in range(ROUNDS)]
    cpu = {name: median(turns) for name, turns in zip(asks, zip(*rounds, strict=True), strict=True)}
    report.facts |= {f"{name}_us": round(used * 1e6, 1) for name, used in cpu.items()}
    report.ratios |= {
        f"{name}_over_compiled": round(cpu[name] / cpu["compiled"], 2) for name in cpu if name.startswith("strawberry")
    }
    report.ratios["compiled_over_by_hand"] = round(cpu["compiled"] / cpu["by_hand"], 2)


async def _cpu(ask: Ask, seconds: float) -> float:
    """CPU seconds of one request, asked again and again for so long."""
    gc.collect()  # nobody pays for what another left behind
    asked_for, began = 0, process_time()
    while (used := process_time() - began) < seconds:
        for _ in range(AT_ONCE):
            await ask()
        asked_for += AT_ONCE
    return used / asked_for


async def _over_http(report: Compared, stage: Stage, servers: Commands) -> None:
    """CPU of the server's process for a request, all servers asked in turns."""
    async with AsyncExitStack() as stack:
        started = {}
        for name, command in servers.items():
            pid, port = await stack.enter_async_context(served(command, environment(name)))
            started[name] = (Address(port, GROCER), stage.meter(pid, NO_SESSIONS))
        for name, (address, meter) in started.items():
            await _check(name, address)
            await _turn(address, meter, UNTIL_HOT)
        rounds = [
            [await _turn(*server, stage.seconds / HTTP_ROUNDS) for server in started.values()]
            for _ in range(HTTP_ROUNDS)
        ]
    samples = {name: _middle(turns) for name, turns in zip(servers, zip(*rounds, strict=True), strict=True)}
    for name, sample in samples.items():
        report.add(name.replace("_", " "), sample)
    ours = samples.pop("compiled").cpu
    report.ratios |= {f"http_{name}_over_compiled": round(one.cpu / ours, 2) for name, one in samples.items()}


async def _check(name: str, address: Address) -> None:
    async with connected(address, 1) as connections:
        _agree(name, orjson.loads(await connections[0].post(BODY)))


async def _turn(address: Address, meter: Meter, seconds: float) -> Sample:
    """On new connections: a server hangs up on those that wait while the others have their turns."""
    async with connected(address, CLIENTS) as connections:
        return await measure(Contestant(asking(connections, [BODY]), meter), seconds)


def _middle(samples: tuple[Sample, ...]) -> Sample:
    """The one that took neither much nor little CPU."""
    return sorted(samples, key=lambda sample: sample.cpu)[len(samples) // 2]


def _agree(name: str, answer: dict[str, Any]) -> None:
    """Only what gives the same answer can be compared; what ours says about cost besides is its own burden."""
    same = {key: value for key, value in answer.items() if key != "extensions"} == by_hand(SHOWN)
    if not same or leaves(answer["data"]) != LEAVES:
        raise Unexpected(f"{name} gives another answer, or one without {LEAVES} leaves: {str(answer)[:200]}")


if __name__ == "__main__":
    main(execution=run)
