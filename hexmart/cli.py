"""The command line of whoever runs Hexmart."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from hexmart import embedded, running
from hexmart.databases import Databases, available, migrate
from hexmart.demo import up
from hexmart.demo.load_plan import TooFew
from hexmart.embedded import EmbeddedPostgresError
from hexmart.server import PortTaken
from hexmart.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Hexmart: one back end for many retail brands.")
demo_app = typer.Typer(help="Demo brands, on a database of their own.", invoke_without_command=True)
clock_app = typer.Typer(no_args_is_help=True, help="The clock of a demo.")
app.add_typer(demo_app, name="demo")
app.add_typer(clock_app, name="clock")
console = Console(stderr=True)

_DURATION = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Whatever a person can put right ends in one sentence, not in a traceback."""
    try:
        yield
    except (EmbeddedPostgresError, PortTaken, TooFew) as error:
        console.print(str(error), style="red", highlight=False)
        raise typer.Exit(1) from None
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "_".join(("HEXMART", *(str(part).upper() for part in problem["loc"])))
            console.print(f"{name}: {problem['msg']}", style="red", highlight=False)
        raise typer.Exit(1) from None


@demo_app.callback()
def demo(
    context: typer.Context,
    reset: Annotated[bool, typer.Option("--reset", help="Throw the demo's data away first.")] = False,
) -> None:
    """Start everything: database, demo brands, API and worker. Ctrl-C stops it all; the data stays."""
    if context.invoked_subcommand is None:
        with _one_sentence():
            up.start(up.settings(), console, reset=reset)


@demo_app.command("load")
def demo_load(
    stores: Annotated[int | None, typer.Option(min=1, help="Stores of all brands together.")] = None,
    products: Annotated[int | None, typer.Option(min=1, help="Products of all brands together.")] = None,
    tenants: Annotated[int, typer.Option(min=1, help="Brands.")] = 3,
) -> None:
    """Load demo brands without serving them; larger than usual, for benchmarks."""
    with _one_sentence(), available(up.settings()) as databases:
        asyncio.run(up.prepare(databases, up.settings(), console, stores=stores, products=products, tenants=tenants))


@app.command()
def serve() -> None:
    """Serve the API."""
    with _one_sentence():
        running.serve(Settings())


@app.command()
def worker() -> None:
    """Deliver events and sweep what is due, beside any number of API processes."""
    with _one_sentence():
        running.work(Settings())


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date."""
    with _one_sentence(), available(Settings()) as databases:
        asyncio.run(migrate(databases.owner))


@app.command()
def operator(email: Annotated[str, typer.Argument(help="Who: an e-mail address.")]) -> None:
    """Let somebody create and suspend brands; prints their password, once."""
    with _one_sentence(), available(Settings()) as databases:
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
    with _one_sentence():
        settings = up.settings()
        url = settings.database_url or embedded.join(settings.home.resolve())
        if url is None:
            console.print("The demo is not running: start it with `make demo`.", style="red")
            raise typer.Exit(1)
        moved = timedelta(**{_UNITS[found[2]]: int(found[1])})
        offset, swept = asyncio.run(running.advance_clock(Databases.of(url, settings), settings, moved))
    console.print(f"The clock is {timedelta(seconds=offset)} ahead.", highlight=False)
    if not swept:
        console.print("No worker has answered: what is due will be done once one runs.", style="yellow")
