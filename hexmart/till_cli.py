"""`hexmart till`: sales of tills that have no way to the API, in files."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import orjson
import typer

from core import clock, stores, tills
from core.actors import system
from core.errors import NotFound
from core.tills import MOST_SALES, Outcome, Told
from core.work import Work
from hexmart.at_brand import at_brand
from hexmart.terminal import console, one_sentence
from hexmart.till_files import read_sales, written
from tenants import Platform, Tenant

_SHELL = system("hexmart till")
_A_DAY = timedelta(days=1)
Brand = Annotated[str, typer.Option("--brand", help="The brand's slug.")]
Store = Annotated[str, typer.Option("--store", help="The store's code.")]

till_app = typer.Typer(no_args_is_help=True, help="Sales of tills, in files of JSON lines.")


@till_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A sale a line, in the words of posSalesRecord.")],
    brand: Brand,
    store: Store,
) -> None:
    """Record the sales of a file, and say line by line what became of each; exits with 1 where one was refused."""
    with one_sentence():
        sales = read_sales(file)
        outcomes = at_brand(brand, lambda platform, of: _record(platform, of, store, sales))
    for outcome in outcomes:
        typer.echo(_told(outcome))
    refused = sum(one.refusal is not None for one in outcomes)
    _say(f"{store}: {len(outcomes) - refused} of {len(outcomes)} sales are recorded")
    if refused:
        raise typer.Exit(1)


@till_app.command()
def export(
    brand: Brand,
    store: Store,
    since: Annotated[datetime | None, typer.Option("--since", help="Told since then, in UTC; else a day ago.")] = None,
) -> None:
    """Write what tills have told of a store, as import takes it, what was told first before the rest."""
    moment = since.replace(tzinfo=UTC) if since else None
    with one_sentence():
        for told in at_brand(brand, lambda platform, of: _exported(platform, of, store, moment)):
            typer.echo(written(told))


async def _record(platform: Platform, brand: Tenant, code: str, sales: Sequence[Told]) -> list[Outcome]:
    """So many in one transaction as a batch has; what is done stays, and told again it changes nothing."""
    outcomes: list[Outcome] = []
    for start in range(0, len(sales), MOST_SALES):
        async with platform.open_work(brand, _SHELL) as work:
            batch = sales[start : start + MOST_SALES]
            outcomes += await tills.record_sales(work, await _store(work, code), batch)
        _say(f"{len(outcomes)}/{len(sales)} sales")
    return outcomes


async def _exported(platform: Platform, brand: Tenant, code: str, since: datetime | None) -> list[Told]:
    async with platform.open_work(brand, _SHELL, read_only=True) as work:
        moment = since or clock.now() - _A_DAY
        return [one async for one in tills.told_since(work, await _store(work, code), moment)]


async def _store(work: Work, code: str) -> UUID:
    found = await stores.by_code(work, code)
    if found is None:
        raise NotFound(what="store")
    return found.id


def _told(outcome: Outcome) -> str:
    """What became of a sale, as a line of JSON."""
    told: dict[str, object] = {"externalReference": outcome.reference}
    if outcome.refusal is not None:
        told |= {"refused": outcome.refusal.code, "message": outcome.refusal.message}
    else:
        told |= {"recorded": not outcome.repeated}
    return orjson.dumps(told).decode()


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False)
