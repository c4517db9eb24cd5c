"""What is written about the house is about this house."""

import re
import tomllib
from pathlib import Path

from tests.architecture.source import ROOT

DOCS = ROOT / "docs"
DECISIONS = DOCS / "adr"
LINK = re.compile(r"\]\(([^)#:]+)\)")
PARTS = ("**Decision.**", "**Why.**", "**What we gave up.**")


def broken_links(page: Path, text: str) -> list[str]:
    """Links of a page that lead to no file."""
    return [target for target in LINK.findall(text) if not (page.parent / target).exists()]


def layers() -> list[str]:
    """The order of core's modules, as the linter holds it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return next(list(one["layers"]) for one in contracts if one["id"] == "domains")


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    pages = [
        *DOCS.rglob("*.md"),
        *ROOT.glob("*.md"),
        *ROOT.glob("plugins/*/README.md"),
        *ROOT.glob("examples/*/README.md"),
    ]
    found = {page.relative_to(ROOT).as_posix(): broken_links(page, page.read_text(encoding="utf-8")) for page in pages}
    assert not {name: targets for name, targets in found.items() if targets}
    assert broken_links(DOCS / "README.md", "[a](hooks.md) [b](nowhere.md)") == ["nowhere.md"]


def test_every_page_stands_in_the_index() -> None:
    listed = set(LINK.findall((DOCS / "README.md").read_text(encoding="utf-8")))
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} <= listed


def test_the_documented_order_of_core_is_the_one_that_is_kept() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", (DOCS / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert documented == layers()


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    files = sorted(DECISIONS.glob("0*.md"))
    assert files
    assert [file.name[:4] for file in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    listed = LINK.findall((DECISIONS / "README.md").read_text(encoding="utf-8"))
    assert listed == [file.name for file in files]


def test_every_decision_says_why_and_what_it_costs_in_one_page() -> None:
    for file in sorted(DECISIONS.glob("0*.md")):
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(file.name[:4])}. "), file.name
        assert all(part in text for part in PARTS), file.name
        assert len(text.splitlines()) <= 20, file.name


def test_every_plugin_has_a_readme_that_names_it() -> None:
    plugins = [path.parent for path in ROOT.glob("plugins/*/plugin.py")]
    assert plugins
    for plugin in plugins:
        assert (plugin / "README.md").read_text(encoding="utf-8").startswith(f"# {plugin.name}\n"), plugin.name
