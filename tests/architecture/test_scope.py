"""The surface reads orders and members only by functions that ask how far the caller's role reaches."""

import ast
from pathlib import Path

import pytest

from tests.architecture.source import files, name_of, parsed

#: readers that ask nobody: for core's own work
UNSCOPED = {"members.by_phone", "orders.lock", "orders.queries", "members.queries"}


def reaches_past(tree: ast.AST) -> set[str]:
    """What of a module is read without asking."""
    dotted = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {
        f"{node.module}.{alias.name}".removeprefix("core.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return {name for name in UNSCOPED for used in dotted | imported if used == name or used.startswith(f"{name}.")}


SURFACE = [path for path in files("schema", "plugins") if "tests" not in path.parts]


@pytest.mark.parametrize("path", SURFACE, ids=name_of)
def test_nothing_of_the_surface_reads_past_the_reach_of_a_role(path: Path) -> None:
    assert reaches_past(parsed(path)) == set()


def test_a_reading_past_it_would_be_found() -> None:
    assert reaches_past(ast.parse("row = await members.by_phone(work, phone)")) == {"members.by_phone"}
    assert reaches_past(ast.parse("from core.orders.queries import BY_IDS")) == {"orders.queries"}
    assert reaches_past(ast.parse("from core.orders import lock")) == {"orders.lock"}
