"""What fifty plugins cost a list of products: `python -m bench.plugins` takes two minutes, three the first time."""

import asyncio
import itertools
import os
import random
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import asyncpg
import orjson
import uvloop
from sqlalchemy.ext.asyncio import create_async_engine

from bench import fifty
from bench.client import Address, Connection, Unexpected, connected, request
from bench.data import HOME
from bench.machine import Meter, driver_url
from bench.measuring import Contestant, Operation, compare
from bench.report import Report
from bench.servers import HEXMART, served
from bench.stage import Stage
from hexmart.assembly import assemble
from hexmart.databases import Databases, available
from hexmart.demo.brands import SEED, brand
from hexmart.demo.load import analyze
from hexmart.demo.load_catalog import add_catalog
from hexmart.demo.load_stock import Variant, fill_stores
from hexmart.demo.load_stores import add_stores
from hexmart.demo.load_tenant import entered
from hexmart.demo.profiles import profile, slug
from hexmart.settings import Settings
from tenants.provisioning import NewTenant

BRANDS, PRODUCTS, ENABLED = 1_000, 20, fifty.COUNT // 2
CLIENTS = 16
SECONDS = 10.0  #: for each measurement, where the benchmark runs by itself
WANTED = 0.95  #: of the throughput without plugins
TURNS = 6
LIST = """query List {
  products(first: 20) {
    nodes { id slug name images rating variants { id sku name unit price { amount currency } } %s }
    pageInfo { hasNextPage }
  }
}"""
COUNT = "SELECT count(*) FROM product WHERE tenant_id = $1"


@dataclass(frozen=True, slots=True)
class Server:
    """One that is measured, and how long it took until it answered."""

    pid: int
    port: int
    started: float  #: seconds


async def run(stage: Stage) -> Report:
    """On brands of its own, a thousand of them."""
    return await _compared(stage.seconds)


async def _compared(seconds: float) -> Report:
    """The same database, brands and documents; one server with the plugins installed, one without."""
    settings = Settings(home=HOME / "plugins", demo=True)
    report = Report("plugins")
    with available(settings) as databases:
        await _prepare(databases, settings)
        async with AsyncExitStack() as stack:
            without = await stack.enter_async_context(_server(settings, {}))
            having = await stack.enter_async_context(_server(settings, _installed(settings)))
            watcher = await asyncpg.connect(driver_url(databases.app), server_settings={"application_name": "bench"})
            stack.push_async_callback(watcher.close)
            await _measure(report, stack, (without, having), watcher, seconds)
    report.facts["seconds_to_start_without"] = round(without.started, 2)
    report.facts["seconds_to_start_with_50"] = round(having.started, 2)
    return report


async def _measure(
    report: Report,
    stack: AsyncExitStack,
    servers: tuple[Server, Server],
    watcher: "asyncpg.Connection[asyncpg.Record]",
    seconds: float,
) -> None:
    calling = [await stack.enter_async_context(connected(Address(one.port, ""), CLIENTS)) for one in servers]
    without, having = [Meter(watcher, one.pid, "hexmart") for one in servers]
    everybody, some = list(_plan()), [name for name, plugins in _plan().items() if fifty.NAMES[0] in plugins]
    for name in everybody:  # which has both know every brand as well
        if await calling[0][0].post(_body(""), brand=name) != await calling[1][0].post(_body(""), brand=name):
            raise Unexpected(f"with plugins the list of {name} is another")
    for what, ratio, brands, field in (
        ("50 installed, 25 on", "with_50_plugins_over_none", everybody, ""),
        ("and a plugin's field selected", "with_a_field_selected_over_none", some, _FIELD),
    ):
        contestants = [
            Contestant(_asking(calling[0], brands, ""), without),
            Contestant(_asking(calling[1], brands, field), having),
        ]
        bare, ours = await compare(contestants, seconds, turns=TURNS)
        report.add("no plugin installed", bare)
        report.add(what, ours)
        report.ratios[ratio] = round(ours.per_second / bare.per_second, 3)
    report.facts["wanted"] = WANTED


_FIELD = "sample00Note"


def _body(field: str) -> bytes:
    return request(LIST % field)


def _asking(connections: Sequence[Connection], brands: Sequence[str], field: str) -> list[Operation]:
    """Clients that ask another brand each time."""
    return [_client(one, [*brands[n:], *brands[:n]], _body(field)) for n, one in enumerate(connections)]


def _client(connection: Connection, brands: Sequence[str], body: bytes) -> Operation:
    turn = itertools.cycle(brands)

    async def ask(_: int) -> bytes:
        answer = await connection.post(body, brand=next(turn))
        if b'"errors":' in answer:
            raise Unexpected(answer.decode()[-400:])
        return answer

    return ask


def _plan() -> dict[str, frozenset[str]]:
    """Each brand and the half of the plugins that it has on."""
    chance = random.Random(SEED)
    return {slug(number): frozenset(chance.sample(fifty.NAMES, ENABLED)) for number in range(1, BRANDS + 1)}


def _installed(settings: Settings) -> dict[str, str]:
    """Where a process looks for the fifty."""
    return {"PYTHONPATH": os.pathsep.join([str(_folder(settings)), os.environ.get("PYTHONPATH", "")])}


def _folder(settings: Settings) -> Path:
    return settings.home.resolve() / "site"


@asynccontextmanager
async def _server(settings: Settings, more: dict[str, str]) -> AsyncIterator[Server]:
    began = perf_counter()
    told = {"HEXMART_HOME": str(settings.home), "HEXMART_DEMO": "1", **more}
    async with served(HEXMART, told) as (pid, port):
        yield Server(pid, port, perf_counter() - began)


async def _prepare(databases: Databases, settings: Settings) -> None:
    """Bring core and the plugins up to date, and make the brands that are missing."""
    _folder(settings).mkdir(parents=True, exist_ok=True)
    fifty.install(_folder(settings))
    told = os.environ | _installed(settings) | {"HEXMART_DATABASE_URL": databases.owner}
    subprocess.run([HEXMART[0], "migrate"], env=told, check=True)  # noqa: ASYNC221 - nothing else happens meanwhile
    platform = assemble(databases, settings)
    for name, plugins in _plan().items():
        who = profile(name)
        wanted = NewTenant(slug=name, name=who.name, owner_email=f"owner@{name}.example", plan="demo")
        async with entered(platform, wanted, plugins=plugins | {"sandbox"}, roles=[]) as work:
            if not await work.value(COUNT):
                seeds = brand(name, 1, PRODUCTS)
                places = await add_stores(work, seeds.stores)
                ids = await add_catalog(work, seeds)
                sold = [Variant(ids[one.sku], one) for product in seeds.products for one in product.variants]
                await fill_stores(work, places, sold, most=None, seed=SEED, filled=lambda _: None)
    await platform.close()
    owner = create_async_engine(databases.owner)
    await analyze(owner)
    await owner.dispose()


def main() -> None:
    """The benchmark by itself; its last line is JSON."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(_compared(SECONDS))
    found.show()
    print(orjson.dumps({"plugins": found.figures()}).decode())


if __name__ == "__main__":
    main()
