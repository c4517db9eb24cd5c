"""Plugins are looked at as core is: what these tests walk over has all of theirs."""

from collections.abc import Iterable

import pytest

from hexmart.migrating.comparing import draw
from hexmart.plugins import contributions, discover, plugin_manager
from schema.compose import ComposedSchema
from tests.architecture.conftest import Connection
from tests.architecture.source import CODE, ROOT, files
from tests.architecture.surface import types

pytestmark = pytest.mark.anyio

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def bundled() -> set[str]:
    """The plugins of this repository."""
    return {path.parent.name for path in ROOT.glob("plugins/*/plugin.py")}


def absent(names: Iterable[str], prefixes: Iterable[str]) -> set[str]:
    """What none of the names begins with."""
    known = list(names)
    return {prefix for prefix in prefixes if not any(name.startswith(prefix) for name in known)}


def test_every_plugin_of_this_repository_is_installed() -> None:
    assert bundled() <= {one.name for one in discover()}


def test_the_surface_has_types_and_root_fields_of_every_plugin_that_brings_some(surface: ComposedSchema) -> None:
    brought = [one.plugin.prefix for one in contributions(plugin_manager()) if one.modules]
    assert brought
    found = {name for kind in types(surface) for name in (kind.name, *kind.fields)}
    assert not absent(found, [*brought, *(prefix[0].upper() + prefix[1:] for prefix in brought)])
    assert absent(found, ["giftWrap"]) == {"giftWrap"}


async def test_the_database_has_every_table_that_a_plugin_draws(owner: Connection) -> None:
    drawn = set(draw(discover()).tables)
    assert drawn <= {row["tablename"] for row in await owner.fetch(TABLES)}
    assert not absent(drawn, {f"{name}_" for name in bundled() if (ROOT / "plugins" / name / "models.py").exists()})


def test_the_code_of_every_plugin_is_read() -> None:
    assert {path.parent.name for path in files(*CODE) if path.name == "plugin.py"} >= bundled()
