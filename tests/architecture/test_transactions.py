"""A transaction is ended by whoever opened it, and by nobody else."""

import ast
import re

from tests.architecture.source import CODE, files, name_of, parsed, texts

#: file: why it may commit
COMMITTERS = {
    "core/database/transaction.py": "here COMMIT itself is sent",
    "core/work.py": "flushes and writes its events, then commits the transaction it was given",
    "tenants/platform.py": "open_work() opens the transaction that every request, job and subscriber works in",
    "tenants/provisioning.py": "a brand is made and suspended as `platform`, before or beside any tenant's Work",
    "tenants/keys.py": "the number of a brand's key stands in the registry, which `platform` alone may write",
    "tenants/documents.py": "the registry's row of a brand is written as `platform`, not by a tenant's Work",
    "tenants/clockwork.py": "the clock's row belongs to the platform, not to a tenant",
    "schema/context.py": "ends the one read transaction of an operation, which its first statement began",
    "hexmart/demo/load_tenant.py": "a brand and everything in it is one transaction: half a demo is never seen",
}
SQL = re.compile(r"\bCOMMIT\b")


def commits(tree: ast.AST) -> list[int]:
    """Lines that end a transaction well."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    by_call = [call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"]
    return sorted(by_call + [text.lineno for text in texts(tree) if SQL.search(str(text.value))])


def test_only_those_who_open_a_transaction_commit_it() -> None:
    served = [path for path in files(*CODE) if "/tests/" not in name_of(path)]  # a plugin's tests play other sessions
    assert {name_of(path) for path in served if commits(parsed(path))} == set(COMMITTERS)


def test_a_commit_elsewhere_would_be_found() -> None:
    planted = 'async def place(work):\n    await work.commit()\n    await driver.execute("COMMIT")\n'
    assert commits(ast.parse(planted)) == [2, 3]
