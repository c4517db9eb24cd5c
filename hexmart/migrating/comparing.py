"""Holding a plugin's part of a database to its models and to the contract."""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table

from core.models import metadata
from hexmart.migrating.catalog import unprotected
from hexmart.migrating.histories import History, history_of
from hexmart.migrating.scope import belonging
from hexmart.plugins import Installed


def draw(plugins: Iterable[Installed]) -> MetaData:
    """Every table of core and of these plugins, whose models are loaded if they were not yet."""
    for one in plugins:
        if find_spec(f"{one.package}.models") is not None:
            import_module(f"{one.package}.models")
    return metadata


def differences(connection: Connection, history: History, wanted: MetaData) -> Sequence[Any]:
    """What Alembic finds between a history's part of a database and what models draw."""
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_object": belonging(connection, history),
        "version_table": history.version_table,
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), wanted))


def faults(connection: Connection, plugin: Installed) -> Iterator[str]:
    """What is wrong with a plugin's tables, a sentence each."""
    history, drawn = history_of(plugin), draw([plugin])
    if history is None:
        own = sorted(name for name in drawn.tables if name.startswith(f"{plugin.name}_"))
        if own:
            yield f"{plugin.name}: its models draw {', '.join(own)}, and it has no migrations"
        return
    standing = history.standing(connection)
    if standing != history.head:
        where = f"it is at {standing or 'no migration'}, not at {history.head}"
        yield f"{plugin.name}: {where}: hexmart plugin install {plugin.name}"
        return
    for table in unprotected(connection, plugin.name):
        yield f"{plugin.name}: {table} does not keep brands apart: make it by tenant_table()"
    for difference in differences(connection, history, drawn):
        yield f"{plugin.name}: its migrations are not what its models say: {_said(difference)}"


def _said(difference: Any) -> str:
    """`add_column parcel_label weight`: what a migration would have to do."""
    if isinstance(difference, list):  # changes of one column
        return "; ".join(_said(one) for one in difference)
    what, *things = difference
    named = [_name(one) for one in things]
    return " ".join([str(what), *[name for name in named if name]])


def _name(thing: Any) -> str:
    if isinstance(thing, str):
        return thing
    if isinstance(thing, Table | Column):
        return str(thing.name)
    return str(getattr(thing, "name", "") or "")
