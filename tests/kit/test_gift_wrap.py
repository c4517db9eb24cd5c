"""A partner's plugin, from its wheel: it is installed, tested and used, and goes without a trace."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.kit.environments import Environment, wheel_of

pytestmark = pytest.mark.anyio
SOURCE = ROOT / "examples" / "gift_wrap"
BUYING = str(Path(__file__).with_name("buying.py"))
PLAIN = {"status": "PAID", "totals": {"fees": {"amount": "0.00"}, "payable": {"amount": "15.90"}}}
WRAPPED = {
    "status": "PAID",
    "totals": {"fees": {"amount": "5.00"}, "payable": {"amount": "20.90"}},
    "giftWrapLines": [{"card": "For you"}],
}


@pytest.fixture
def gift_wrap(tmp_path: Path) -> Path:
    """The plugin's wheel."""
    return wheel_of(SOURCE, tmp_path / "wheel")


async def buy(environment: Environment, *how: str) -> Any:
    """What became of an order for a litre of milk."""
    return json.loads((await environment.run("python", BUYING, *how)).splitlines()[-1])


async def test_a_partners_plugin_is_installed_used_and_removed(environment: Environment, gift_wrap: Path) -> None:
    environment.install(gift_wrap)
    assert "gift_wrap is at gift_wrap_0001 now." in await environment.run("hexmart", "migrate")
    assert "Everything is in order." in await environment.run("hexmart", "plugin", "check")
    assert await buy(environment) == PLAIN
    assert await buy(environment, "wrapped") == WRAPPED

    environment.uninstall("hexmart-gift-wrap")  # pip uninstall, before anybody has thought of its tables
    said = await environment.run("hexmart", "migrate")
    assert " ".join(said.split()) == "Not installed, but with tables here, which are kept: gift_wrap."
    assert await buy(environment) == PLAIN

    environment.install(gift_wrap)
    uninstall = ("hexmart", "plugin", "uninstall", "gift_wrap", "--yes")
    assert "gift_wrap is on at shop" in await environment.run(*uninstall, ends=1)
    assert "its tables are gone" in await environment.run(*uninstall, "--force")
    written = [path.read_text() for path in environment.home.rglob("gift_wrap_paper*.jsonl*")]
    assert [json.loads(text)["name"] for text in written] == ["Stars"]

    environment.uninstall("hexmart-gift-wrap")
    assert await environment.run("hexmart", "migrate") == ""
    assert await buy(environment) == PLAIN


async def test_its_own_tests_pass_where_only_the_wheels_are(
    environment: Environment, gift_wrap: Path, tmp_path: Path
) -> None:
    environment.install(gift_wrap)
    shutil.copytree(SOURCE / "tests", tmp_path / "alone" / "tests")
    shutil.copy(SOURCE / "pyproject.toml", tmp_path / "alone")
    printed = await environment.run("pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path / "alone")
    assert " passed" in printed
