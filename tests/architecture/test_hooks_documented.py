"""docs/hooks.md describes every hook with its exact arguments, and no hook that is not there."""

import ast
from pathlib import Path

from tests.architecture.source import ROOT, parsed

SPECIFICATIONS = [ROOT / folder / "hooks.py" for folder in ("core", "schema", "tenants")]  #: in the order of the page
PAGE = ROOT / "docs" / "hooks.md"


def signatures(tree: ast.Module) -> list[str]:
    """Every hook as its heading has to name it."""
    hooks = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [
        f"{hook.name}({ast.unparse(hook.args)}) -> {ast.unparse(hook.returns)}"
        for hook in hooks
        if _is_hook(hook) and hook.returns
    ]


def _is_hook(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("hookspec" in ast.unparse(decorator) for decorator in function.decorator_list)


def sections(page: str) -> dict[str, str]:
    """The text under each heading of the second level."""
    parts = [part.partition("\n") for part in page.split("\n## ")[1:]]
    return {heading.strip(): text.strip() for heading, _, text in parts}


def test_every_hook_is_documented_with_its_arguments() -> None:
    wanted = [signature for path in SPECIFICATIONS for signature in signatures(parsed(path))]
    assert wanted
    written = sections(PAGE.read_text(encoding="utf-8"))
    assert list(written) == wanted, "docs/hooks.md follows the order of the specifications"
    assert not [heading for heading, text in written.items() if len(text.split()) < 10]


def test_a_hook_that_nobody_described_would_be_found() -> None:
    tree = ast.parse(
        "@hookspec(firstresult=True)\ndef price(work: Work, *, cart: Cart) -> Money: ...\ndef no() -> int: ..."
    )
    assert signatures(tree) == ["price(work: Work, *, cart: Cart) -> Money"]
    assert sections("# Hooks\n## price(work: Work) -> Money\n\nThe price.\n") == {
        "price(work: Work) -> Money": "The price."
    }


def test_every_hook_is_specified_where_the_page_looks_for_it() -> None:
    """A specification elsewhere would go undescribed."""
    everywhere = [path for folder in ("core", "tenants", "schema") for path in Path(ROOT / folder).rglob("*.py")]
    assert [path for path in sorted(everywhere) if signatures(parsed(path))] == sorted(SPECIFICATIONS)
