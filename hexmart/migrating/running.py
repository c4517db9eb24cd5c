"""Bringing a database up to date, and taking a plugin's part of it away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from hexmart.migrating.catalog import unprotected
from hexmart.migrating.histories import CORE, History, history_of, version_tables
from hexmart.plugins import Installed, PluginsBroken, discover, in_order

LOCK = 7_102_648  #: any number that no other program takes in this database
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Report:
    """What was done."""

    moved: Mapping[str, str]  #: to which revision, by plugin; core's by "core"
    left_over: Sequence[str]  #: plugins that are not installed and have tables, which are kept


async def migrate(owner_url: str, plugins: Sequence[Installed] | None = None) -> Report:
    """Bring core and every plugin to their newest revisions, all or none; two processes that try take turns."""
    found = in_order(discover()) if plugins is None else plugins
    return await in_turn(owner_url, lambda connection: _migrate(connection, found))


async def install(owner_url: str, plugin: Installed) -> Report:
    """Bring one plugin to its newest revision."""
    return await in_turn(owner_url, lambda connection: _install(connection, plugin))


def remove(connection: Connection, history: History) -> None:
    """Take a plugin's tables away, by its own migrations backwards, and whatever remembers how far they had come."""
    _run(connection, history, lambda config: command.downgrade(config, "base"))
    connection.execute(text(f"DROP TABLE IF EXISTS {history.version_table}"))


async def in_turn(owner_url: str, do: Callable[[Connection], Result]) -> Result:
    """Do it in one transaction, while nobody else migrates."""
    engine = create_async_engine(owner_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            return await connection.run_sync(do)
    finally:
        await engine.dispose()


def _install(connection: Connection, plugin: Installed) -> Report:
    if CORE.standing(connection) != CORE.head:
        raise PluginsBroken([f"{plugin.name}: the tables of core are not up to date: hexmart migrate"])
    return Report(_upgraded(connection, [plugin]), ())


def _migrate(connection: Connection, plugins: Sequence[Installed]) -> Report:
    before = CORE.standing(connection)
    command.upgrade(CORE.config(connection), "head")
    after = CORE.standing(connection)
    moved = {"core": after} if after is not None and after != before else {}
    moved |= _upgraded(connection, plugins)
    names = {one.name for one in plugins}
    return Report(moved, [name for name in version_tables(connection) if name not in names])


def _upgraded(connection: Connection, plugins: Sequence[Installed]) -> dict[str, str]:
    """Where each plugin has come to that was not there yet."""
    known = set(CORE.revisions)
    moved: dict[str, str] = {}
    for one in plugins:
        history, needs = history_of(one), one.plugin.core_revision
        if needs is not None and needs not in known:
            raise PluginsBroken([f"{one.name}: it needs core's migration {needs}, which this release does not have"])
        if history is not None and history.standing(connection) != history.head:
            _run(connection, history, lambda config: command.upgrade(config, "head"))
            _require_protected(connection, one.name)
            moved[one.name] = str(history.head)
    return moved


def _run(connection: Connection, history: History, do: Callable[..., None]) -> None:
    try:
        do(history.config(connection))
    except PluginsBroken:
        raise
    except Exception as error:
        said = str(error).partition("\n")[0]
        raise PluginsBroken([f"{history.plugin}: its migrations fail: {type(error).__name__}: {said}"]) from error


def _require_protected(connection: Connection, plugin: str) -> None:
    open_to_all = unprotected(connection, plugin)
    if open_to_all:
        tables = ", ".join(open_to_all)
        raise PluginsBroken([f"{plugin}: {tables} does not keep brands apart: make it by tenant_table()"])
