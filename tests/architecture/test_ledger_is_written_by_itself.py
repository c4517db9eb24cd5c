"""What members have is written by the ledger, and by nobody else."""

import ast
from pathlib import Path

import pytest

from core.database import tables_of
from tests.architecture.source import CODE, ROOT, files, name_of, parsed
from tests.architecture.test_statements import constants, pieces

OWN = ROOT / "core" / "ledger"
MODELS = {"core/models.py"}  #: gathers every table


def written(texts: list[str]) -> set[str]:
    """Tables of the ledger that statements write."""
    return {table for text in texts for table in tables_of(text).written if table.startswith("ledger_")}


def others() -> list[Path]:
    return [path for path in files(*CODE) if OWN not in path.parents]


@pytest.mark.parametrize("path", others(), ids=name_of)
def test_nobody_else_writes_its_tables(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "ledger_" in text:
        assert not written([*constants(path), *pieces(parsed(path))])
    assert name_of(path) in MODELS or "core.ledger.models" not in text
    assert name_of(path) in MODELS or "from core.ledger import models" not in text


def test_a_statement_that_writes_them_would_be_found() -> None:
    tree = ast.parse('async def cheat(work):\n    await work.execute("UPDATE ledger_lot SET spent = 0")\n')
    assert written(list(pieces(tree))) == {"ledger_lot"}
    assert written(list(constants(OWN / "journal.py"))) == {
        "ledger_account",
        "ledger_lot",
        "ledger_posting",
        "ledger_transaction",
    }
