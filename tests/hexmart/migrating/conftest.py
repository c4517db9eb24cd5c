"""A database of a test's own, and plugins that are installed for as long as the test lasts."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.database.base import Base
from core.models import metadata
from hexmart.databases import Databases, migrate
from hexmart.plugins import Installed, discover
from tests.databases import new_database
from tests.hexmart.plugins.making import entry, packages

Install = Callable[[dict[str, str]], Installed]
Look = Callable[[Connection], object]


@pytest.fixture
async def scratch(databases: Databases) -> AsyncIterator[str]:
    """An empty database; the URL of its owner."""
    async with new_database(databases.owner) as url:
        yield url


@pytest.fixture(scope="module")
async def settled(databases: Databases) -> AsyncIterator[str]:
    """A database that has core's tables; what is refused in it leaves it as it was."""
    async with new_database(databases.owner) as url:
        await migrate(url, [])
        yield url


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    """Have modules be a plugin; the last of one name is the one that is installed."""
    with ExitStack() as stack:
        installed = ExitStack()
        stack.callback(installed.close)
        number = 0

        def put(files: dict[str, str]) -> Installed:
            nonlocal number
            number += 1
            installed.close()
            _forget(next(iter(files)).split(".")[0])
            installed.enter_context(packages(tmp_path / str(number), files))
            return discover([entry(next(iter(files)).split(".")[0])])[0]

        yield put
    _forget("parcel")


def _forget(plugin: str) -> None:
    """What it has drawn is nobody's table any more."""
    for name in [name for name in metadata.tables if name.startswith(f"{plugin}_")]:
        metadata.remove(metadata.tables[name])
    for mapper in [one for one in Base.registry.mappers if one.class_.__module__.startswith(f"{plugin}.")]:
        Base.registry._class_registry.pop(mapper.class_.__name__, None)
        Base.registry._dispose_cls(mapper.class_)


async def look(url: str, ask: Callable[[Connection], object]) -> object:
    """Ask a database something, and change nothing."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.run_sync(ask)
    await engine.dispose()
    return found
