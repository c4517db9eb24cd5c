"""`hexmart audit`: whether the books of brands are in order, and working out anew what is derived."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import orjson
import typer

from core.books import Breach
from hexmart.at_brand import at_platform
from hexmart.auditing import Audited, Report, audit
from hexmart.terminal import console, one_sentence
from tenants import Platform

Brands = Annotated[
    list[str] | None, typer.Option("--brand", help="A brand's slug, as often as there are; else every brand.")
]
EVERY = "all"


def audit_command(
    brand: Brands = None,
    repair: Annotated[bool, typer.Option("--repair", help="Work out anew what is derived and wrong.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Prove the books of brands; exits with 1 where something is broken and was not mended."""
    with one_sentence():
        report = at_platform(lambda platform: _audit(platform, brand or [EVERY], repair=repair))
    if as_json:
        typer.echo(orjson.dumps(_facts(report), default=str, option=orjson.OPT_INDENT_2).decode())
    else:
        for line in _lines(report):
            typer.echo(line)
    typer.echo(report.summary, err=as_json)
    if report.broken:
        raise typer.Exit(1)


async def _audit(platform: Platform, slugs: list[str], *, repair: bool) -> Report:
    if EVERY in slugs:
        brands = await platform.registry.active()
    else:
        brands = [await platform.registry.by_slug(slug) for slug in dict.fromkeys(slugs)]
    return await audit(platform, brands, repair=repair, watch=_watch)


def _watch(one: Audited) -> None:
    """One more is done."""
    proven, asked = len(one.proof.asked) - len(one.proof.breaches), len(one.proof.asked)
    dead = f", {one.dead} dead letters" if one.dead else ""
    console.print(f"{one.name}: {proven}/{asked} ok rows={one.proof.rows}{dead}", highlight=False, markup=False)


def _lines(report: Report) -> Iterator[str]:
    """What was mended and what is broken, with some of the rows."""
    for one in report.audited:
        for mended in one.mended:
            yield f"{one.name}: {mended.invariant.key}: {mended.rows} rows were worked out anew"
        for breach in one.proof.breaches:
            yield f"{one.name}: {breach.invariant.key}: {breach.invariant.sentence} {_extent(breach)}"
            yield from (f"  {_row(row)}" for row in breach.rows)


def _extent(breach: Breach) -> str:
    if breach.failed is not None:
        return f"This could not be asked ({breach.failed})."
    what = "--repair works it out anew" if breach.invariant.mending is not None else "a person has to look into it"
    return f"Not so in {breach.count} rows: {what}."


def _row(row: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in row.items())


def _facts(report: Report) -> dict[str, Any]:
    """The same for a program."""
    return {
        "ok": not report.broken,
        "invariants": len(report.asked),
        "rows": report.rows,
        "audited": [
            {
                "name": one.name,
                "asked": len(one.proof.asked),
                "rows": one.proof.rows,
                "dead_letters": one.dead,
                "mended": [{"key": mended.invariant.key, "rows": mended.rows} for mended in one.mended],
                "broken": [_broken(breach) for breach in one.proof.breaches],
            }
            for one in report.audited
        ],
    }


def _broken(breach: Breach) -> dict[str, Any]:
    return {
        "key": breach.invariant.key,
        "sentence": breach.invariant.sentence,
        "count": breach.count,
        "derived": breach.invariant.mending is not None,
        "failed": breach.failed,
        "rows": [dict(row) for row in breach.rows],
    }
