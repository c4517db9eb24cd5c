"""The command line of whoever runs Hexmart."""

import asyncio
import re
from datetime import timedelta
from typing import Annotated

import typer

from hexmart import running
from hexmart.audit_cli import audit_command
from hexmart.databases import available, migrate
from hexmart.demo import up
from hexmart.documents_cli import documents_app
from hexmart.events_cli import events_app
from hexmart.keys_cli import keys_app
from hexmart.plugins_cli import plugins_app
from hexmart.settings import Settings
from hexmart.simulate_cli import simulate_app
from hexmart.stock_cli import stock_app
from hexmart.terminal import console, one_sentence, running_databases
from hexmart.till_cli import till_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # those are passwords and secrets
    help="Hexmart: one back end for many retail brands.",
)
demo_app = typer.Typer(help="Demo brands, on a database of their own.", invoke_without_command=True)
clock_app = typer.Typer(no_args_is_help=True, help="The clock of a demo.")
app.add_typer(demo_app, name="demo")
app.add_typer(clock_app, name="clock")
app.add_typer(documents_app, name="documents")
app.add_typer(events_app, name="events")
app.add_typer(keys_app, name="keys")
app.add_typer(plugins_app, name="plugin")
app.add_typer(simulate_app, name="simulate")
app.add_typer(stock_app, name="stock")
app.add_typer(till_app, name="till")
app.command("audit")(audit_command)

_DURATION = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@demo_app.callback()
def demo(
    context: typer.Context,
    reset: Annotated[bool, typer.Option("--reset", help="Throw the demo's data away first.")] = False,
) -> None:
    """Start everything: database, demo brands, API and worker. Ctrl-C stops it all; the data stays."""
    if context.invoked_subcommand is None:
        with one_sentence():
            up.start(up.settings(), console, reset=reset)


@demo_app.command("load")
def demo_load(
    stores: Annotated[int | None, typer.Option(min=1, help="Stores of all brands together.")] = None,
    products: Annotated[int | None, typer.Option(min=1, help="Products of all brands together.")] = None,
    tenants: Annotated[int, typer.Option(min=1, help="Brands.")] = 3,
) -> None:
    """Load demo brands without serving them; larger than usual, for benchmarks."""
    with one_sentence(), available(up.settings()) as databases:
        asyncio.run(up.prepare(databases, up.settings(), console, stores=stores, products=products, tenants=tenants))


@app.command()
def serve(
    workers: Annotated[int, typer.Option(min=1, help="Processes, one a core; each has a pool of connections.")] = 1,
) -> None:
    """Serve the API."""
    with one_sentence():
        running.serve(Settings(), workers)


@app.command()
def worker() -> None:
    """Deliver events and sweep what is due, beside any number of API processes."""
    with one_sentence():
        running.work(Settings())


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date: core, then every plugin that is installed."""
    with one_sentence(), available(Settings()) as databases:
        report = asyncio.run(migrate(databases.owner))
    for name, revision in report.moved.items():
        console.print(f"{name} is at {revision} now.", highlight=False)
    if report.left_over:
        names = ", ".join(report.left_over)
        console.print(f"Not installed, but with tables here, which are kept: {names}.", style="yellow", highlight=False)


@app.command()
def operator(email: Annotated[str, typer.Argument(help="Who: an e-mail address.")]) -> None:
    """Let somebody create and suspend brands; prints their password, once."""
    with one_sentence(), available(Settings()) as databases:
        password = asyncio.run(running.add_operator(databases, Settings(), email))
    if password is None:
        console.print(f"{email} is an operator already.", style="yellow")
    else:
        typer.echo(password)


@clock_app.command("advance")
def clock_advance(by: Annotated[str, typer.Argument(help="How far: 15m, 2h, 3d.")]) -> None:
    """Move the demo's clock, and wait until what has become due is done."""
    found = _DURATION.fullmatch(by)
    if found is None:
        raise typer.BadParameter("say it as 90s, 15m, 2h or 3d")
    with one_sentence():
        settings = up.settings()
        moved = timedelta(**{_UNITS[found[2]]: int(found[1])})
        offset, swept = asyncio.run(running.advance_clock(running_databases(settings), settings, moved))
    console.print(f"The clock is {timedelta(seconds=offset)} ahead.", highlight=False)
    if not swept:
        console.print("No worker has answered: what is due will be done once one runs.", style="yellow")
