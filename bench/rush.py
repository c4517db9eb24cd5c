"""Thousands who buy the same thing at the same moment: `python -m bench.rush` takes some minutes.

As many orders as there is stock, exactly; a thousand a second are wanted. Against the same checkouts as ordinary
transactions that lock rows.
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import psutil
import uvloop
from sqlalchemy.ext.asyncio import create_async_engine

from bench.buyers import Wish, gather
from bench.client import Address, Unexpected
from bench.commits import CLIENTS, commits_per_second
from bench.crowds import Outcome, arrive, rush
from bench.data import GROCER, HOME
from bench.inside import Inside
from bench.machine import driver_url, pin
from bench.purchase import always_open
from bench.servers import HEXMART, served
from core import books
from core.actors import system
from core.books import Scope
from core.ids import new_id
from hexmart.app import Application, background, create_app
from hexmart.assembly import assemble
from hexmart.databases import Databases, available, migrate
from hexmart.demo.load import analyze, load
from hexmart.embedded import erase
from hexmart.settings import Settings
from schema import relay

BUYERS = int(os.environ.get("HEXMART_RUSH_BUYERS", "4000"))
FEWER = max(BUYERS // 10, 1)  #: who come where each checkout is a transaction of its own: it takes as long
STORES, PRODUCTS, VARIANTS = 24, 300, 1_000
TENFOLD = 10
ORDINARY = (sys.executable, "-m", "bench.ordinary")

GOODS = "SELECT id FROM variant WHERE tenant_id = $1 AND unit = 'PIECE' AND NOT bundle ORDER BY id LIMIT $2"
ROWS = "SELECT count(*) FROM stock WHERE tenant_id = $1"
MORE_PLACES = """
INSERT INTO location (tenant_id, id, kind, name)
SELECT $1, p.id, 'WAREHOUSE', 'Bench' FROM unnest($2::uuid[]) AS p(id)
"""
MORE_STOCK = """
INSERT INTO stock (tenant_id, location_id, variant_id, on_hand)
SELECT $1, p.id, v.id, 0 FROM unnest($2::uuid[]) AS p(id) CROSS JOIN variant v WHERE v.tenant_id = $1 AND NOT v.bundle
ON CONFLICT DO NOTHING
"""
FEWER_ROWS = (
    "DELETE FROM stock WHERE tenant_id = $1 AND location_id = any($2::uuid[])",
    "DELETE FROM location WHERE tenant_id = $1 AND id = any($2::uuid[])",
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where it takes place."""

    settings: Settings
    inside: Application
    postmaster: int | None
    stores: Sequence[UUID]
    variants: Sequence[UUID]
    figures: dict[str, Any]

    def hot(self, number: int) -> Wish:
        """Everybody at the same store wants the first variant, and one of a hundred others."""
        return Wish(self.stores[0], (self.variants[0], self.variants[1 + number % 100]))

    def spread(self, number: int) -> Wish:
        """Two of a thousand variants, at any store."""
        first, second = (self.variants[(2 * number + more) % len(self.variants)] for more in (0, 1))
        return Wish(self.stores[number % len(self.stores)], (first, second))

    @asynccontextmanager
    async def server(
        self, *, processes: int = 1, command: Sequence[str] = HEXMART
    ) -> AsyncIterator[tuple[int, Address]]:
        """A server for the block: its process, and where it listens; one process on a core of its own."""
        told = {"HEXMART_HOME": str(self.settings.home), "HEXMART_DEMO": "1", "HEXMART_CHECKOUT__PATIENCE": "30"}
        several = ("--workers", str(processes)) if processes > 1 else ()
        async with served((*command, *several), told, pinned=processes == 1) as (pid, port):
            yield pid, Address(port, GROCER)

    async def crowd(
        self, what: str, server: tuple[int, Address], wishes: Sequence[Wish], units: int | None = None
    ) -> Outcome:
        """Everybody buys; afterwards as much is sold as there was, and the books are right."""
        pid, address = server
        scarce = {} if units is None else {self.variants[0]: units}
        buyers = await gather(self.inside, GROCER, wishes, scarce)
        await arrive(address, buyers)
        outcome = await rush(address, buyers, pid, self.postmaster)
        stock = "as much as they want" if units is None else f"{units} units"
        print(f"{what}: {len(buyers)} buyers, {stock}: {outcome}")
        sold = len(buyers) if units is None else min(units, len(buyers))
        wanted = {"ORDER": sold, "OUT_OF_STOCK": len(buyers) - sold}
        if +outcome.told != +Counter(wanted):
            raise Unexpected(f"{dict(outcome.told)}, and {wanted} were due")
        await self.prove()
        self.figures[what.replace(" ", "_")] = {
            "told": dict(outcome.told),
            "per_second": round(outcome.per_second, 1),
            "per_core": round(outcome.per_core, 1),
            "p50_ms": round(outcome.milliseconds(0.5), 1),
            "p99_ms": round(outcome.milliseconds(0.99), 1),
        }
        return outcome

    async def prove(self) -> None:
        """Stop where an invariant of the books does not hold."""
        tenant = await self.inside.platform.registry.by_slug(GROCER)
        async with self.inside.platform.open_work(tenant, system("bench"), read_only=True) as work:
            proof = await books.prove(work, Scope.BRAND)
        if proof.breaches:
            raise Unexpected([(breach.invariant.key, breach.rows) for breach in proof.breaches])
        print(f"  books: {len(proof.asked)} of {len(proof.asked)} invariants hold, {proof.rows:,} rows")

    async def grow(self) -> Sequence[UUID]:
        """Ten times the stock rows, at places that nobody buys from."""
        tenant = await self.inside.platform.registry.by_slug(GROCER)
        async with self.inside.platform.open_work(tenant, system("bench")) as work:
            before = await work.value(ROWS)
            each = await work.value("SELECT count(*) FROM variant WHERE tenant_id = $1 AND NOT bundle")
            places = [new_id() for _ in range((TENFOLD - 1) * before // each + 1)]
            await work.execute(MORE_PLACES, places)
            await work.execute(MORE_STOCK, places)
            self.figures["stock_rows"] = [before, await work.value(ROWS)]
        return places

    async def shrink(self, places: Sequence[UUID]) -> None:
        """Close these places again."""
        tenant = await self.inside.platform.registry.by_slug(GROCER)
        async with self.inside.platform.open_work(tenant, system("bench")) as work:
            for statement in FEWER_ROWS:
                await work.execute(statement, places)


async def _scenes(ground: Ground, databases: Databases) -> None:
    hot = [ground.hot(number) for number in range(BUYERS)]
    few = hot[:FEWER]
    async with ground.server() as one:
        await ground.crowd("a day before", one, few)
    await _analyze(databases)
    async with ground.server() as one:
        usual = await ground.crowd("one process", one, hot)
        await ground.crowd("one process, scarce", one, hot, BUYERS // 8)
        await ground.crowd("one process, the last one", one, hot, 1)
        spread = await ground.crowd("one process, a thousand variants", one, [*map(ground.spread, range(BUYERS))])
    async with ground.server(command=ORDINARY) as ordinary:
        locking = await ground.crowd("ordinary transactions", ordinary, few)
        await ground.crowd("ordinary transactions, scarce", ordinary, few, FEWER // 8)
    for processes in (2, 4):
        async with ground.server(processes=processes) as several:
            await ground.crowd(f"{processes} processes", several, hot)
            await ground.crowd(f"{processes} processes, scarce", several, hot, BUYERS // 8)
    grown_over_usual = await _with_ten_times_the_rows(ground, hot)
    ratios = {
        "batched_over_ordinary": usual.per_second / locking.per_second,
        "batched_over_ordinary_per_core": usual.per_core / locking.per_core,
        "ten_times_the_rows_over_one": grown_over_usual,
        "spread_over_commits": spread.per_second / ground.figures["commits_per_second"],
    }
    for name, ratio in ratios.items():
        print(f"  {name.replace('_', ' ')}: {ratio:.2f} times")
    ground.figures["ratios"] = {name: round(ratio, 3) for name, ratio in ratios.items()}


async def _with_ten_times_the_rows(ground: Ground, wishes: Sequence[Wish]) -> float:
    """How much of its throughput is left with ten times the stock rows, by one server before, with and after them.

    A machine that is shared has fast and slow minutes: what is compared has to stand side by side.
    """
    async with ground.server() as one:
        before = await ground.crowd("one process, once more", one, wishes)
        places = await ground.grow()
        grown = await ground.crowd("one process, ten times the rows", one, wishes)
        await ground.shrink(places)
        after = await ground.crowd("one process, without them again", one, wishes)
    return 2 * grown.per_second / (before.per_second + after.per_second)


async def _analyze(databases: Databases) -> None:
    """Let the planner know what there is, as PostgreSQL's own upkeep does a minute after the first hundred orders.

    Before that it takes any index of a table for as good as its key, and goes through all of a brand's orders.
    """
    owner = create_async_engine(databases.owner)
    await analyze(owner)
    await owner.dispose()


async def _run(databases: Databases, settings: Settings) -> dict[str, Any]:
    await migrate(databases.owner)
    loading = assemble(databases, settings)
    await load(loading, tenants=1, stores=STORES, products=PRODUCTS)
    await loading.close()
    inside = create_app(databases, settings, with_worker=False)
    async with background(inside.platform, None, settings):
        ground = await _ground(databases, settings, inside)
        pin(0, 1)
        await _scenes(ground, databases)
    await inside.platform.close()
    return ground.figures


async def _ground(databases: Databases, settings: Settings, inside: Application) -> Ground:
    open_stores = [relay.key_of("Store", one) for one in await always_open(Inside(inside, GROCER))]
    tenant = await inside.platform.registry.by_slug(GROCER)
    async with inside.platform.open_work(tenant, system("bench"), read_only=True) as work:
        variants = [row["id"] for row in await work.fetch(GOODS, VARIANTS)]
        session = await work.value("SELECT pg_backend_pid() WHERE $1::bigint IS NOT NULL")
    rate = commits_per_second(driver_url(databases.owner))
    print(f"pgbench, {CLIENTS} clients: {rate:.0f} commits a second")
    stores = [key for key in open_stores if key is not None]
    figures: dict[str, Any] = {"buyers": BUYERS, "commits_per_second": rate}
    return Ground(settings, inside, _postmaster(session), stores, variants, figures)


def _postmaster(session: int) -> int | None:
    """The process that PostgreSQL's sessions belong to, where it is on this machine."""
    try:
        process = psutil.Process(session)
        return process.ppid() if process.name().startswith("postgres") else None
    except psutil.Error:
        return None


def main() -> None:
    """On a database of its own, made anew; the last line is JSON."""
    settings = Settings(home=HOME / "rush", demo=True)
    erase(settings.home)
    with available(settings) as databases, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(_run(databases, settings))
    print(orjson.dumps({"rush": figures}).decode())


if __name__ == "__main__":
    main()
