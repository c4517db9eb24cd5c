"""`make demo`: from nothing to a running platform with brands in it."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.ext.asyncio import create_async_engine

from hexmart import embedded
from hexmart.app import create_app
from hexmart.assembly import assemble
from hexmart.databases import Databases, available, migrate
from hexmart.demo.couriers import Couriers, couriers
from hexmart.demo.load import analyze, ensure_operator, load
from hexmart.server import check_port, serve
from hexmart.settings import Settings


def settings() -> Settings:
    """What a demo is told, whatever else the environment says."""
    return Settings(demo=True, movable_clock=True, loopback_providers=True)


def start(chosen: Settings, console: Console, *, reset: bool) -> None:
    """Serve the demo until Ctrl-C."""
    check_port(chosen)
    if reset and chosen.database_url is None:
        embedded.erase(Path(chosen.home).resolve())
    with available(chosen) as databases, couriers() as carriers:
        asyncio.run(prepare(databases, chosen, console))
        asyncio.run(enlist(carriers, databases, chosen))
        console.print(
            f"Hexmart answers at http://{chosen.host}:{chosen.port}/graphql - Ctrl-C stops it.", highlight=False
        )
        serve(create_app(databases, chosen, with_worker=True), chosen)


async def enlist(carriers: Couriers, databases: Databases, chosen: Settings) -> None:
    """Have the brands call those who ride beside them."""
    platform = assemble(databases, chosen)
    await carriers.enlist(platform)
    await platform.close()


async def prepare(
    databases: Databases,
    chosen: Settings,
    console: Console,
    *,
    stores: int | None = None,
    products: int | None = None,
    tenants: int = 3,
) -> None:
    """Migrate and load what is not there yet, with a progress bar."""
    await migrate(databases.owner)
    platform = assemble(databases, chosen)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Demo brands", total=None)

        def show(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        await ensure_operator(platform)
        await load(platform, tenants=tenants, stores=stores, products=products, progress=show)
    await platform.close()
    owner = create_async_engine(databases.owner)
    await analyze(owner)
    await owner.dispose()
