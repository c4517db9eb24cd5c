"""There is one clock: Python asks core.clock.now(), SQL asks app_now()."""

import ast
import re

from tests.architecture.source import CODE, files, name_of, parsed, texts

CLOCK = "core/clock.py"
MODULES = {
    "datetime": {"now", "utcnow", "today", "fromtimestamp"},  # fromtimestamp() without a zone is local time
    "date": {"today", "fromtimestamp"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime"},  # monotonic() measures, and may be used
    "func": {"now", "current_timestamp", "localtimestamp", "current_date"},  # SQLAlchemy's
}
SQL = re.compile(
    r"(?<![a-z_])(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)"
    r"|\b(CURRENT_TIMESTAMP|CURRENT_DATE|CURRENT_TIME|LOCALTIMESTAMP|LOCALTIME)\b",
    re.IGNORECASE,
)
DEFINITION = "CREATE FUNCTION app_now()"  #: what moves now() by the offset has to ask for it


def askers(tree: ast.AST) -> list[int]:
    """Lines at which the system, and not our clock, is asked for the time."""
    return sorted(
        [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Attribute) and _asks(node)]
        + [text.lineno for text in texts(tree) if DEFINITION not in str(text.value) and SQL.search(str(text.value))]
    )


def _asks(node: ast.ImportFrom | ast.Attribute) -> bool:
    """`datetime.now`, `datetime.datetime.now`, or `from time import time`."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "time" and any(name.name in MODULES["time"] for name in node.names)
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return node.attr in MODULES.get(owner, ())


def test_nobody_but_the_clock_asks_for_the_time() -> None:
    found = {name_of(path): askers(parsed(path)) for path in files(*CODE, "migrations") if name_of(path) != CLOCK}
    assert not {name: lines for name, lines in found.items() if lines}


def test_asking_the_system_would_be_found() -> None:
    planted = """
from time import time
a = datetime.now(UTC)
b = datetime.datetime.utcnow()
c = date.today()
d = "UPDATE cart SET expires_at = NOW() + interval '1 day'"
e = f"SELECT {columns} FROM cart WHERE expires_at < current_timestamp"
f = mapped_column(server_default=func.now())
"""
    assert askers(ast.parse(planted)) == [2, 3, 4, 5, 6, 7, 8]


def test_our_clock_and_prose_are_left_alone() -> None:
    fine = '"""It asks now()."""\na = clock.now()\nb = "SELECT app_now()"\nc = time.monotonic()\nd = "open now"\n'
    assert not askers(ast.parse(fine))
