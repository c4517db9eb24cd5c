"""Imports point one way, and stand at the top of their file."""

import ast

import pytest
from importlinter.cli import lint_imports

from tests.architecture.source import CODE, ELSEWHERE, ROOT, files, functions, name_of, parsed


def imports_in_functions(tree: ast.AST) -> list[int]:
    """Lines at which a function imports something."""
    found = [node for function in functions(tree) for node in ast.walk(function)]
    return sorted({node.lineno for node in found if isinstance(node, ast.Import | ast.ImportFrom)})


def test_imports_keep_the_contracts_of_pyproject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlinter.cli.logging_config.dictConfig", dict)  # else it silences all other loggers
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0, "run `make lint`"


def test_no_function_imports_anything() -> None:
    found = {name_of(path): imports_in_functions(parsed(path)) for path in files(*CODE, *ELSEWHERE)}
    assert not {name: lines for name, lines in found.items() if lines}


def test_an_import_inside_a_function_would_be_found() -> None:
    tree = ast.parse("import os\ndef outer():\n    async def inner():\n        from core import work\n")
    assert imports_in_functions(tree) == [4]
