"""What the tests of the kit share, since it takes a while to make."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from hexmart.databases import Databases
from tests.architecture.source import ROOT
from tests.databases import new_database
from tests.kit.environments import Environment, make, wheel_of


@pytest.fixture(scope="session")
def with_hexmart(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment in which Hexmart is installed, from its wheel."""
    folder = tmp_path_factory.mktemp("with_hexmart")
    made = make(folder / "environment")
    made.install(wheel_of(ROOT, folder / "wheel"))
    return made


@pytest.fixture
async def environment(with_hexmart: Environment, databases: Databases, tmp_path: Path) -> AsyncIterator[Environment]:
    """The same for one test: with a database of its own, and none of the plugins that other tests installed."""
    async with new_database(databases.owner) as url:
        yield replace(with_hexmart, database_url=url, home=tmp_path)
    for plugin in with_hexmart.plugins():
        with_hexmart.uninstall(plugin)
