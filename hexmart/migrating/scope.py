"""What of a database is a history's to compare and to change."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Connection

from core.database.base import Base
from core.extensions import plugin_of
from hexmart.migrating.catalog import others
from hexmart.migrating.histories import VERSION_TABLE, History, version_tables
from hexmart.plugins import PluginsBroken

Includes = Callable[[Any, str | None, str, bool, Any], bool]


def belonging(connection: Connection, history: History) -> Includes:
    """Which tables Alembic compares: a plugin's begin with its name, core's with no plugin's."""
    prefixes = tuple(f"{name}_" for name in {*version_tables(connection), *_declared()})

    def includes(_thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
        if kind != "table" or name is None:
            return True
        if history.plugin is not None:
            return name.startswith(f"{history.plugin}_")
        return not name.startswith((*prefixes, VERSION_TABLE))

    return includes


def guard(connection: Connection, history: History) -> Callable[..., None] | None:
    """Refuses a plugin's migration that has changed what is not the plugin's; core's may do anything."""
    if history.plugin is None:
        return None
    plugin, before = history.plugin, others(connection, history.plugin)

    def check(*, step: Any, **_: Any) -> None:
        changed = before ^ others(connection, plugin)
        if changed:
            names = ", ".join(sorted({name for name, _ in changed}))
            revision = step.up_revision_id if step.is_upgrade else step.down_revision_ids
            raise PluginsBroken([f"{plugin}: its migration {revision} changes {names}, which is not its own"])

    return check


def _declared() -> Collection[str]:
    """The plugins whose tables are drawn in this process."""
    names = {plugin_of(mapper.class_.__module__) for mapper in Base.registry.mappers}
    return {name for name in names if name is not None}
