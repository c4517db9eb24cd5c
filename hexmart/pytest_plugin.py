"""What pytest finds by its entry point: the fixtures of hexmart.testing, loaded for the first test that asks for one.

They need the whole application, which takes seconds to import; a run that asks for none of them must not wait for it.
"""

import importlib
from collections.abc import Generator

import pytest
from _pytest.fixtures import FuncFixtureInfo

FIXTURES = "hexmart.testing"
#: what tests ask it for; a test holds this equal to what it has
NAMES = frozenset(
    {"application", "client", "database_url", "databases", "enable", "move_clock", "other_world", "platform"}
    | {"run_worker", "settings", "statements", "use_plugins", "world"}
)
Made = pytest.Item | pytest.Collector | list[pytest.Item | pytest.Collector] | None

pytest.register_assert_rewrite(FIXTURES)


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> Generator[None, Made, Made]:
    """Make a test once more where it asks for a fixture of ours that is not there yet."""
    made = yield
    plugins = collector.config.pluginmanager
    if plugins.has_plugin(FIXTURES) or not _lack(made):
        return made
    # not import_plugin(): the test's module may have imported it already, and pytest would warn of that
    plugins.register(importlib.import_module(FIXTURES), FIXTURES)
    _let_others_win(collector.session)
    again: Made = collector.ihook.pytest_pycollect_makeitem(collector=collector, name=name, obj=obj)
    return again


def _lack(made: Made) -> bool:
    """Whether a test, or a fixture that it asks for, asks for one of ours that nobody has given."""
    tests = made if isinstance(made, list) else [made]
    found: list[FuncFixtureInfo | None] = [getattr(one, "_fixtureinfo", None) for one in tests]  # no public way to ask
    return any(info is not None and _wanted(info) for info in found)


def _wanted(info: FuncFixtureInfo) -> frozenset[str]:
    return NAMES.intersection(info.names_closure) - info.name2fixturedefs.keys()


def _let_others_win(session: pytest.Session) -> None:
    """What is registered last wins, and that must not be ours: a conftest.py may have a `settings` of its own."""
    for by_node in session._fixturemanager._arg2node2fixturedefs.values():  # nor is there one to say that
        by_node.get(session, []).sort(key=_rank)


def _rank(fixture: pytest.FixtureDef[object]) -> int:
    """The first of a name is taken."""
    return {FIXTURES: 1, "anyio.pytest_plugin": 2}.get(fixture.func.__module__, 0)
