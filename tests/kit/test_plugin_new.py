"""`hexmart plugin new`: names that it takes, and what it makes."""

import subprocess
import sysconfig
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hexmart.cli import app
from hexmart.plugin_new import make
from hexmart.plugins import NameRefused
from tests.architecture.source import ROOT

RUFF = Path(sysconfig.get_path("scripts")) / "ruff"
LONGEST = "a_name_of_thirty_characters_ok"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Gift Wrap", "a plugin's name is snake_case of at most 30 characters, not 'Gift Wrap'"),
        (f"{LONGEST}x", f"a plugin's name is snake_case of at most 30 characters, not '{LONGEST}x'"),
        ("../gift", "a plugin's name is snake_case of at most 30 characters, not '../gift'"),
        ("class", "class is a word of Python: take another name"),
        ("json", "there is a Python package called json already: take another name"),
        ("group", "its tables could be taken for those of group_buy, which is installed: take another name"),
        ("sales", "there are tables already whose names begin with sales_: take another name"),
        ("tenant", "there are tables already whose names begin with tenant_: take another name"),
        ("coupons_xl", "its tables could be taken for those of coupons, which is installed: take another name"),
        ("core", "there is a Python package called core already: take another name"),
    ],
)
def test_a_name_that_no_plugin_can_have_is_refused_in_a_sentence(name: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(NameRefused) as refused:
        make(name, tmp_path)
    assert str(refused.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_no_more_than_that(tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["plugin", "new", "core", "--into", str(tmp_path)])
    assert ended.exit_code == 1
    assert ended.output.split() == [
        "there",
        "is",
        "a",
        "Python",
        "package",
        "called",
        "core",
        "already:",
        "take",
        "another",
        "name",
    ]


def test_the_schema_of_a_plugin_is_printed_and_of_none_it_is_said() -> None:
    printed = CliRunner().invoke(app, ["plugin", "schema", "coupons"])
    assert printed.output == (ROOT / "plugins" / "coupons" / "schema.graphql").read_text()
    assert CliRunner().invoke(app, ["plugin", "schema", "cupons"]).output == "cupons is not installed\n"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "parcels").mkdir()
    with pytest.raises(NameRefused, match="parcels is there already"):
        make("parcels", tmp_path)
    assert list((tmp_path / "parcels").iterdir()) == []


@pytest.mark.parametrize("name", ["alpha", "parcels", "zebra_parcels", LONGEST])
def test_what_is_made_has_the_style_of_hexmart_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    made = make(name, tmp_path)
    for config in (ROOT / "pyproject.toml", made / "pyproject.toml"):
        for verb in ("check", "format --check"):
            command = [str(RUFF), *verb.split(), "--no-cache", "--config", str(config)]
            ended = subprocess.run(command, cwd=made, capture_output=True, text=True, check=False)
            assert ended.returncode == 0, ended.stdout
