"""What the attack goes by: core's tables, and those that plugins bring in `attack.py` among their tests.

Such a module has any of the tables below, and what has to be there before anything is asked: `furnish(side)` makes what
the brand has, `equip(side)` what its member has; either gives the things that calls can name from then on.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from tests.brought import brought
from tests.security.attack import (
    delivery_sources,
    live_sources,
    notice_sources,
    points_sources,
    return_sources,
    scenes,
    sources,
    supply_sources,
    till_sources,
)
from tests.security.attack.scenes import BROWSING
from tests.security.attack.sides import Scene, Side, Things
from tests.security.attack.sources import Of

PLUGINS = brought("attack")
CORE = (
    sources,
    supply_sources,
    delivery_sources,
    return_sources,
    live_sources,
    points_sources,
    notice_sources,
    till_sources,
    scenes,
)


def _together(name: str) -> dict[str, Any]:
    tables = [vars(module).get(name, {}) for module in (*CORE, *PLUGINS)]
    return {key: value for table in tables for key, value in table.items()}


def _variations() -> dict[str, dict[str, Mapping[str, Any]]]:
    """Those of a call together, whoever has some."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for module in (*CORE, *PLUGINS):
        for call, some in vars(module).get("VARIATIONS", {}).items():
            found.setdefault(call, {}).update(some)
    return found


MADE_UP: Mapping[str, str] = _together("MADE_UP")
NODES: Mapping[str, Of] = _together("NODES")
PARTS: Mapping[str, Of] = _together("PARTS")
ALTERNATIVES: Mapping[str, tuple[str, ...]] = _together("ALTERNATIVES")
VARIATIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = _variations()
SOURCES: Mapping[str, Mapping[str, Any]] = _together("SOURCES") | {"Query.nodes": {"ids": [*NODES.values()]}}
SCENES: dict[str, Scene] = _together("SCENES")
#: of plugins, as core's stand in scopes.py and coverage.py
PUBLIC: Sequence[tuple[str, str]] = [one for module in PLUGINS for one in vars(module).get("PUBLIC", ())]
REASONS: Mapping[str, str] = _together("REASONS")
#: types and fields that are another code, or longer, after each call
PASSING: AbstractSet[tuple[str, str]] = {one for module in PLUGINS for one in vars(module).get("PASSING", ())}


def scene_of(call: str, root: str) -> Scene:
    """What is played before a call."""
    return SCENES.get(call) or SCENES.get(root) or BROWSING


async def furnish(side: Side) -> Things:
    """What plugins have of the brand."""
    return await _made("furnish", side)


async def equip(side: Side) -> Things:
    """What plugins have of the side's member."""
    return await _made("equip", side)


async def _made(name: str, side: Side) -> Things:
    made = [await make(side) for make in _makers(name)]
    return {kind: thing for things in made for kind, thing in things.items()}


def _makers(name: str) -> Iterator[Any]:
    return (vars(module)[name] for module in (notice_sources, *PLUGINS) if name in vars(module))
