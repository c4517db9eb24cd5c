"""Taking a plugin's tables out of a database, its rows written down before."""

from pathlib import Path

from sqlalchemy import Connection

from core.actors import system
from hexmart.assembly import assemble
from hexmart.databases import Databases
from hexmart.exporting import Export, Watch, export, on_at
from hexmart.migrating import history_of, remove
from hexmart.migrating.running import in_turn
from hexmart.plugins import Installed, PluginsBroken
from hexmart.settings import Settings
from tenants import clockwork
from tenants.plugins import disable


async def switch_off(databases: Databases, settings: Settings, plugin: str) -> list[str]:
    """Switch a plugin off wherever it is on; returns the brands."""
    found = await in_turn(databases.owner, lambda connection: on_at(connection, plugin))
    platform = assemble(databases, settings)
    try:
        await clockwork.follow(platform)
        for slug in found:
            await disable(platform, await platform.registry.by_slug(slug), system("operator"), plugin)
    finally:
        await platform.close()
    return found


async def uninstall(databases: Databases, plugin: Installed, into: Path, watch: Watch) -> Export | None:
    """Write a plugin's rows down and take its tables away, in one transaction; None where it had no tables."""
    return await in_turn(databases.owner, lambda connection: _uninstall(connection, plugin, into, watch))


def require_off(connection: Connection, plugin: str) -> None:
    """Refuse to go on where a brand has a plugin on."""
    on = on_at(connection, plugin)
    if on:
        raise PluginsBroken([f"{plugin} is on at {', '.join(on)}: switch it off there first, or say --force"])


def _uninstall(connection: Connection, plugin: Installed, into: Path, watch: Watch) -> Export | None:
    require_off(connection, plugin.name)
    history = history_of(plugin)
    if history is None or history.standing(connection) is None:
        return None
    written = export(connection, history, into, watch)
    remove(connection, history)
    return written
