"""The fixtures come by themselves to whoever asks for them, and cost nobody else anything."""

import subprocess
import sys
from pathlib import Path

import pytest
from _pytest.fixtures import FixtureFunctionDefinition

import hexmart.testing
from hexmart import pytest_plugin

ALONG = {"anyio_backend", "cheap_passwords"}  #: come with the others: a backend for them, and what every test needs
LOADED = "import sys\nLOADED = lambda: 'hexmart.testing' in sys.modules\n"


def run(folder: Path, *options: str, **files: str) -> str:
    """Run pytest on these modules, any warning an error; returns what it printed."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(LOADED + text)
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\nanyio_mode = auto\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_who_asks_for_no_fixture_does_not_load_them(tmp_path: Path) -> None:
    own = "import pytest\n@pytest.fixture\ndef client(): return 'own'\n"
    stranger = f"{own}def test_one(client):\n    assert client == 'own'\n    assert not LOADED()\n"
    assert "1 passed" in run(tmp_path, test_stranger=stranger)


def test_who_asks_for_one_gets_it_without_a_conftest_and_without_a_warning(tmp_path: Path) -> None:
    """Also by way of another fixture, and where the module has imported them before pytest did."""
    early = "import pytest\nfrom hexmart.testing import Client\n"
    shop = "@pytest.fixture\ndef shop(statements): return statements\n"
    tests = """
class TestShop:
    def test_one(self, shop, settings, anyio_backend):
        with shop() as sent:
            assert (sent, settings.demo, anyio_backend) == ([], True, "asyncio")
"""
    assert "1 passed" in run(tmp_path, test_shop=early + shop + tests)


def test_what_a_conftest_has_of_its_own_wins(tmp_path: Path) -> None:
    own = "import pytest\n@pytest.fixture(scope='session')\ndef settings(): return 'own'\n"
    tests = "def test_one(settings, statements):\n    assert (settings, LOADED()) == ('own', True)\n"
    assert "1 passed" in run(tmp_path, conftest=own, test_own=tests)


def test_loading_them_by_name_as_well_registers_nothing_twice(request: pytest.FixtureRequest) -> None:
    plugins = request.config.pluginmanager
    assert plugins.get_plugin("hexmart") is pytest_plugin
    assert plugins.get_name(hexmart.testing) == pytest_plugin.FIXTURES


def test_whoever_wants_none_of_it_says_so(tmp_path: Path) -> None:
    printed = run(tmp_path, "-p", "no:hexmart", test_none="def test_one(statements):\n    pass\n")
    assert "fixture 'statements' not found" in printed


def test_every_fixture_is_known_to_the_part_that_loads_them() -> None:
    has = {name for name, thing in vars(hexmart.testing).items() if isinstance(thing, FixtureFunctionDefinition)}
    assert has == pytest_plugin.NAMES | ALONG
