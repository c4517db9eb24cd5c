"""From the command line to the last line, which is JSON."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

import orjson
import uvloop

from bench.data import HOME, prepare
from bench.machine import stolen
from bench.report import Report
from bench.stage import Stage, staged
from hexmart.databases import Databases, available
from hexmart.settings import Settings

Benchmark = Callable[[Stage], Awaitable[Report]]


def main(**benchmarks: Benchmark) -> None:
    """Run benchmarks on a database of their own, or on that of HEXMART_DATABASE_URL."""
    parser = argparse.ArgumentParser(description="Benchmarks of Hexmart; bench/README.md says how to read them.")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each measurement takes (%(default)s)")
    seconds = parser.parse_args().seconds
    settings = Settings(home=HOME, demo=True)
    with available(settings) as databases, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(_run(benchmarks, databases, settings, seconds))
    print(orjson.dumps(figures).decode())


async def _run(
    benchmarks: dict[str, Benchmark], databases: Databases, settings: Settings, seconds: float
) -> dict[str, object]:
    await prepare(databases, settings)
    stolen_before, all_before = stolen()
    figures: dict[str, object] = {"seconds": seconds}
    async with staged(databases, settings, seconds) as stage:
        for name, benchmark in benchmarks.items():
            report = await benchmark(stage)
            report.show()
            figures[name] = report.figures()
    stolen_after, all_after = stolen()
    figures["stolen"] = share = round((stolen_after - stolen_before) / (all_after - all_before), 3)
    print(f"\nThe machine gave {share:.1%} of its time to others.")
    return figures
