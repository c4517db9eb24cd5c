"""`hexmart plugin`: what is installed, whether it is in order, its tables, and where it is on."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer
from sqlalchemy import Connection

from core.actors import system
from hexmart.at_brand import at_brand
from hexmart.databases import Databases, available
from hexmart.exporting import on_at, tables_of
from hexmart.migrating import history_of, install, version_tables
from hexmart.migrating.comparing import faults
from hexmart.migrating.running import in_turn
from hexmart.plugin_callback import callback
from hexmart.plugin_new import new, schema
from hexmart.plugins import Installed, PluginsBroken, discover, in_order, plugin_manager, surface
from hexmart.settings import Settings
from hexmart.terminal import console, one_sentence
from hexmart.uninstalling import require_off, switch_off, uninstall
from tenants.plugins import disable, enable

Name = Annotated[str, typer.Argument(help="The plugin's name.")]
Brand = Annotated[str, typer.Option("--tenant", help="The brand's slug.")]
_ACTOR = system("operator")

plugins_app = typer.Typer(no_args_is_help=True, help="Plugins: what is installed, in order, and on at which brands.")
plugins_app.command()(new)
plugins_app.command()(schema)
plugins_app.command()(callback)


@plugins_app.command("list")
def list_command() -> None:
    """Print each plugin with its version, the API it was written for, its tables and the brands that have it on."""
    with one_sentence(), available(Settings()) as databases:
        plugins = in_order(discover())
        lines = asyncio.run(in_turn(databases.owner, lambda connection: list(_lines(connection, plugins))))
    for line in lines:
        typer.echo(line)


@plugins_app.command()
def check(name: Annotated[str | None, typer.Argument(help="The plugin's name; else every one.")] = None) -> None:
    """Hold plugins to their contract, and their tables to their models; exits with 1 where there is a fault."""
    with one_sentence(), available(Settings()) as databases:
        if name is not None:
            _named(name)
        found = [one for one in _faults(databases) if name is None or one.startswith(f"{name}: ")]
    for fault in found:
        _say(fault, style="red")
    if found:
        raise typer.Exit(1)
    _say("Everything is in order.")


@plugins_app.command("install")
def install_command(name: Name) -> None:
    """Make or renew a plugin's tables; `hexmart migrate` does so for all of them."""
    with one_sentence(), available(Settings()) as databases:
        report = asyncio.run(install(databases.owner, _named(name)))
    _say(f"{name} is at {report.moved[name]} now." if name in report.moved else f"{name} has nothing to migrate.")


@plugins_app.command("uninstall")
def uninstall_command(
    name: Name,
    into: Annotated[Path, typer.Option("--into", help="The folder in which its rows are written down.")] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Switch it off where it is on.")] = False,
) -> None:
    """Write a plugin's rows down as JSON, then take its tables away; the wheel is pip's to remove."""
    with one_sentence(), available(Settings()) as databases:
        plugin = _named(name)
        _require_unneeded(name)
        if not force:
            asyncio.run(in_turn(databases.owner, lambda connection: require_off(connection, name)))
        if not yes:
            typer.confirm(f"Take every table of {name} away, for all brands?", abort=True)
        for slug in asyncio.run(switch_off(databases, Settings(), name)) if force else ():
            _say(f"{name} is off at {slug}.")
        written = asyncio.run(uninstall(databases, plugin, into, _watch))
    if written is None:
        _say(f"{name} has no tables here.")
    else:
        _say(f"{sum(written.rows.values())} rows are in {written.folder}; its tables are gone.")


@plugins_app.command("enable")
def enable_command(
    name: Name,
    tenant: Brand,
    settings: Annotated[str | None, typer.Option("--settings", help="What to set, as a JSON object.")] = None,
) -> None:
    """Switch a plugin on for a brand, or set it to something else."""
    with one_sentence():
        given = _json(settings) if settings is not None else None
        at_brand(tenant, lambda platform, brand: enable(platform, brand, _ACTOR, name, given))
    _say(f"{name} is on at {tenant}.")


@plugins_app.command("disable")
def disable_command(name: Name, tenant: Brand) -> None:
    """Switch a plugin off for a brand; what it was set to and its data stay."""
    with one_sentence():
        at_brand(tenant, lambda platform, brand: disable(platform, brand, _ACTOR, name))
    _say(f"{name} is off at {tenant}.")


def _lines(connection: Connection, plugins: Sequence[Installed]) -> Iterator[str]:
    """A line for each plugin that is installed, and for each that is not and has tables."""
    for one in plugins:
        history = history_of(one)
        tables, on = tables_of(connection, one.name), on_at(connection, one.name)
        standing = history.standing(connection) if history is not None else None
        at = f"{', '.join(tables)} at {standing}" if tables else "no tables"
        about = f"{one.name} {one.plugin.version} (API {one.plugin.plugin_api})"
        yield f"{about}: {at}; {'on at ' + ', '.join(on) if on else 'on nowhere'}"
    names = {one.name for one in plugins}
    for gone in version_tables(connection):
        if gone not in names:
            yield f"{gone} is not installed: {', '.join(tables_of(connection, gone)) or 'no tables'}"


def _faults(databases: Databases) -> list[str]:
    """What would stop the start, else what is wrong with tables."""
    try:
        surface(plugin_manager())
    except PluginsBroken as broken:
        return broken.faults
    plugins = in_order(discover())

    def look(connection: Connection) -> list[str]:
        return [fault for one in plugins for fault in faults(connection, one)]

    return asyncio.run(in_turn(databases.owner, look))


def _named(name: str) -> Installed:
    found = {one.name: one for one in discover()}
    if name not in found:
        raise PluginsBroken([f"{name} is not installed; there is: {', '.join(found) or 'none'}"])
    return found[name]


def _require_unneeded(name: str) -> None:
    others = [one.name for one in discover() if name in one.plugin.requires]
    if others:
        raise PluginsBroken([f"{', '.join(others)} requires {name}: uninstall that first"])


def _json(given: str) -> object:
    try:
        return orjson.loads(given)
    except orjson.JSONDecodeError as error:
        raise typer.BadParameter(f"this is no JSON: {error}") from None


def _watch(what: str, rows: int) -> None:
    if rows:
        _say(f"{what}: {rows} rows")


def _say(sentence: str, style: str | None = None) -> None:
    console.print(sentence, style=style, highlight=False, markup=False, soft_wrap=True)
