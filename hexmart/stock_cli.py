"""`hexmart stock`: holding a store's stock against a file from its till or its ERP."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias
from uuid import UUID

import typer

from core import clock, stores
from core.actors import system
from core.errors import NotFound
from core.ids import new_id
from core.supply import reconciling
from core.supply.reconciling import MOST_LINES, Snapshot, SnapshotLine, Total
from core.work import Work
from hexmart.at_brand import at_brand
from hexmart.stock_files import read_snapshot
from hexmart.terminal import console, one_sentence
from tenants import Platform, Tenant

_SHELL = system("hexmart stock")
Totals: TypeAlias = list[Total]

stock_app = typer.Typer(no_args_is_help=True, help="Stock of a brand's stores.")


@stock_app.callback()
def _stock() -> None:
    """So that `reconcile` is named, though it is alone."""


@stock_app.command()
def reconcile(
    file: Annotated[Path, typer.Argument(help="A .csv with a line of names, or .jsonl: sku or barcode, on_hand.")],
    brand: Annotated[str, typer.Option("--brand", help="The brand's slug.")],
    store: Annotated[str, typer.Option("--store", help="The store's code.")],
    taken_at: Annotated[
        datetime | None, typer.Option("--taken-at", help="When the numbers were taken, in UTC; else just now.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Take over what nothing explains.")] = False,
) -> None:
    """Hold a store's stock against a file; exits with 1 where something differs that was not taken over."""
    with one_sentence():
        lines = read_snapshot(file)
        moment = taken_at.replace(tzinfo=UTC) if taken_at else None
        totals = at_brand(brand, lambda platform, of: _reconcile(platform, of, store, lines, moment, apply=apply))
    for sentence in _told(totals):
        typer.echo(sentence)
    settled, differing = sum(one.settled for one in totals), sum(one.lines for one in totals if not one.agrees)
    agreeing = len(lines) - differing
    typer.echo(f"{store}: {agreeing} of {len(lines)} lines agree, {settled} were taken over")
    if agreeing + settled < len(lines):
        raise typer.Exit(1)


async def _reconcile(
    platform: Platform,
    brand: Tenant,
    code: str,
    lines: Sequence[SnapshotLine],
    taken_at: datetime | None,
    *,
    apply: bool,
) -> Totals:
    """So many lines in one transaction as a reconciliation has; what is done stays, and again it changes nothing."""
    moment, made = taken_at or clock.now(), list[UUID]()
    for start in range(0, len(lines), MOST_LINES):
        async with platform.open_work(brand, _SHELL) as work:
            snapshot = Snapshot(await _place(work, code), moment, lines[start : start + MOST_LINES], apply)
            made.append(new_id())
            await reconciling.reconcile(work, snapshot, made[-1])
        _say(f"{min(start + MOST_LINES, len(lines))}/{len(lines)} lines")
    async with platform.open_work(brand, _SHELL, read_only=True) as work:
        return await reconciling.totals(work, made)


async def _place(work: Work, code: str) -> UUID:
    found = await stores.by_code(work, code)
    if found is None:
        raise NotFound(what="store")
    return found.id


def _told(totals: Totals) -> Iterator[str]:
    """A line for each reason."""
    for one in totals:
        what = f"{one.lines} lines, off by {one.delta}" if not one.agrees else f"{one.lines} lines, no difference"
        yield f"{one.reason}: {what}, {one.posted} posted, {one.unposted} promised to orders"


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False)
