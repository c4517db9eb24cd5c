"""A file is read in one sitting, a function without scrolling."""

import ast
from pathlib import Path

from tests.architecture.source import CODE, ELSEWHERE, SCRIPTS, files, functions, name_of, parsed

LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def readable() -> list[Path]:
    """What is written to be read; a plugin's migrations are as long as core's."""
    written = files(*CODE, *ELSEWHERE)
    return [path for path in written if path.parent != SCRIPTS and path.parent.name != SCRIPTS.parent.name]


def long_functions(tree: ast.AST) -> list[str]:
    """Functions that want splitting, with their length in lines."""
    sizes = [(function.name, (function.end_lineno or 0) - function.lineno + 1) for function in functions(tree)]
    return [f"{name}: {lines}" for name, lines in sizes if lines > LONGEST_FUNCTION]


def test_no_file_is_longer_than_300_lines() -> None:
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in readable()}
    assert not {name: lines for name, lines in sizes.items() if lines > LONGEST_FILE}


def test_no_function_is_longer_than_40_lines() -> None:
    found = {name_of(path): long_functions(parsed(path)) for path in readable()}
    assert not {name: long for name, long in found.items() if long}


def test_a_long_function_would_be_found() -> None:
    body = "    pass\n" * LONGEST_FUNCTION
    assert long_functions(ast.parse(f"def long():\n{body}")) == ["long: 41"]
    assert not long_functions(ast.parse(f"def short():\n{body}".removesuffix("    pass\n")))
