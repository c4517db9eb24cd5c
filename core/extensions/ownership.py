"""Whose code runs and whose tables it writes: a plugin's SQL writes its own tables, and core's by core's verbs."""

import sys
from collections.abc import Iterable
from functools import lru_cache

_packages: dict[str, str] = {}  #: the plugin by the package that holds it
_DEPTH = 8  #: frames between a statement and whoever sent it


class ForeignWrite(RuntimeError):
    """A plugin has written to a table that is not its own."""


def own(package: str, plugin: str) -> None:
    """Remember that the modules of a package are a plugin's."""
    _packages[package] = plugin
    plugin_of.cache_clear()


@lru_cache(maxsize=4096)
def plugin_of(module: str) -> str | None:
    """The plugin that a module belongs to, if to one."""
    parts = module.split(".")
    found = (_packages.get(".".join(parts[:length])) for length in range(len(parts), 0, -1))
    return next((name for name in found if name is not None), None)


def check_writes(tables: Iterable[str]) -> None:
    """Refuse a plugin's own statement that writes another's table; called by Work, for whoever called that."""
    plugin = acting_plugin()
    if plugin is None:
        return
    foreign = sorted(table for table in tables if not table.startswith(f"{plugin}_"))
    if foreign:
        raise ForeignWrite(f"{plugin} writes {', '.join(foreign)}: a plugin writes its own tables, core's by its verbs")


def refuse_plugins() -> None:
    """Keep the ORM from plugins: it sends its statements later, when nobody can tell whose they are."""
    plugin = acting_plugin()
    if plugin is not None:
        raise ForeignWrite(f"{plugin} asks for the ORM: a plugin reads and writes by SQL")


def acting_plugin() -> str | None:
    """The plugin whose own code has called Work just now, if one's has."""
    return plugin_of(_caller())


def _caller() -> str:
    """The module of the statement: the first one up the stack that only passes statements on."""
    frame = sys._getframe(1)
    for _ in range(_DEPTH):
        name = str(frame.f_globals.get("__name__", ""))
        if name not in _PASSES_ON:
            return name
        if frame.f_back is None:
            return ""
        frame = frame.f_back
    return ""


_PASSES_ON = frozenset({__name__, "core.work"})
