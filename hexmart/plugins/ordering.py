"""Putting plugins in the order in which they are asked: whoever is required before whoever requires it."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from hexmart.plugins.discovery import Installed
from hexmart.plugins.errors import PluginsBroken


def in_order(found: Iterable[Installed]) -> list[Installed]:
    """By need, then by name: the same order however they were found."""
    known = {one.name: one for one in sorted(found, key=lambda one: one.name)}
    missing = [
        f"{one.name}: it requires {need}, which is not installed"
        for one in known.values()
        for need in one.plugin.requires
        if need not in known
    ]
    if missing:
        raise PluginsBroken(missing)
    sorter = TopologicalSorter({name: one.plugin.requires for name, one in known.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " requires ".join(reversed(error.args[1]))
        raise PluginsBroken([f"plugins require each other in a circle: {circle}"]) from None
    ordered: list[Installed] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += [known[name] for name in ready]
        sorter.done(*ready)
    return ordered
