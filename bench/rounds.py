"""What a round of the worker costs where there is nothing to do: `python -m bench.rounds` takes some minutes."""

import asyncio
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from time import perf_counter

import asyncpg
import orjson
import uvloop
from argon2 import PasswordHasher

from bench.data import HOME
from bench.machine import Meter, driver_url, grown
from core.actors import system
from core.errors import Invalid
from core.hookset import HookSet
from core.identity.staff import passwords
from core.jobs import Job
from core.work import Work
from hexmart.assembly import assemble
from hexmart.databases import Databases, available, migrate
from hexmart.plugins import plugin_manager
from hexmart.settings import Settings
from hexmart.worker import Worker
from tenants import NewTenant, Platform, Tenant, create

BRANDS, PLUGINS, ENABLED = 1_000, 50, 25
ROUNDS = 3
SEED = 5
NOTHING = """
SELECT 1 FROM delivery WHERE tenant_id = $1 AND subscriber = 'plugin_{number}' AND done_at IS NULL AND dead_at IS NULL
"""


async def _idle(work: Work) -> int:
    """A job of a plugin that finds nothing to do."""
    return len(await work.fetch(NOTHING.format(number=0)))


def _job(number: int, *, says: bool) -> Job:
    due = NOTHING.format(number=number) if says else None
    return Job(f"plugin_{number}.sweep", timedelta(seconds=5), _idle, due)


def _jobs_of(enabled: Sequence[str], *, says: bool) -> list[Job]:
    return [_job(int(name), says=says) for name in sorted(enabled)]


async def _brands(platform: Platform) -> list[Tenant]:
    """As many as are wanted, each with another half of the plugins."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # they are nobody's
    chance, found = random.Random(SEED), []
    for number in range(BRANDS):
        slug = f"brand-{number}"
        try:
            tenant = await create(platform, NewTenant(slug, slug, f"owner@{slug}.example"), system("bench"))
        except Invalid:  # it was there before
            tenant = await platform.registry.by_slug(slug)
        names = chance.sample([str(number) for number in range(PLUGINS)], ENABLED)
        found.append(replace(tenant, plugins=frozenset(names)))
    return found


async def _round(
    platform: Platform, brands: Sequence[Tenant], jobs_of: Callable[[frozenset[str]], list[Job]]
) -> Worker:
    """A worker that has looked at every brand before, so that nothing is left to do and everything is prepared."""
    manager = plugin_manager()

    @lru_cache(maxsize=2 * BRANDS)
    def hooks(enabled: frozenset[str]) -> HookSet:
        made = HookSet(manager, frozenset())
        core = [job for job in made.jobs if job.every < timedelta(minutes=1)]  # the others run once an hour
        made.__dict__["jobs"] = [*core, *jobs_of(enabled)]
        return made

    async def active() -> list[Tenant]:
        return list(brands)

    platform.hooks = hooks
    platform.registry.active = active  # type: ignore[method-assign]
    worker = Worker(platform)
    await worker.catch_up()
    return worker


async def _measured(worker: Worker, meter: Meter) -> dict[str, float]:
    """Seconds of a round, of the worker's CPU in it and of PostgreSQL's."""
    ours, theirs = await meter.read()
    began = perf_counter()
    for _ in range(ROUNDS):
        worker._sweeping.all_at_once()
        await worker.sweep()
        await worker._lanes.settled(600)
    seconds = (perf_counter() - began) / ROUNDS
    after, theirs_after = await meter.read()
    used = {"worker_cpu": grown(ours, after) / ROUNDS, "postgresql_cpu": grown(theirs, theirs_after) / ROUNDS}
    return {"seconds": round(seconds, 2)} | {name: round(value, 2) for name, value in used.items()}


async def _run(databases: Databases, settings: Settings) -> dict[str, dict[str, float]]:
    await migrate(databases.owner)
    platform = assemble(databases, settings)
    brands = await _brands(platform)
    watcher = await asyncpg.connect(driver_url(databases.app), server_settings={"application_name": "bench"})
    meter = Meter(watcher, os.getpid(), "hexmart")
    figures: dict[str, dict[str, float]] = {}
    for what, jobs_of in _CONTESTANTS.items():
        worker = await _round(platform, brands, jobs_of)
        figures[what] = await _measured(worker, meter)
        print(f"{what:<40}{figures[what]}")
    await watcher.close()
    await platform.close()
    return figures


_CONTESTANTS: dict[str, Callable[[frozenset[str]], list[Job]]] = {
    "no plugin": lambda _: [],
    "25 jobs each, that say when they are due": lambda enabled: _jobs_of(sorted(enabled), says=True),
    "25 jobs each, that are run to see": lambda enabled: _jobs_of(sorted(enabled), says=False),
}


def main() -> None:
    """The last line is JSON."""
    settings = Settings(home=HOME / "rounds", demo=True)
    with available(settings) as databases, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(orjson.dumps({"rounds": runner.run(_run(databases, settings))}).decode())


if __name__ == "__main__":
    main()
