"""A change of the public schema is seen by whoever reviews it."""

import subprocess
import sys
from difflib import unified_diff

from schema.snapshot import SNAPSHOT
from tests.architecture.source import ROOT

#: in a process of its own: the codes of refusals that tests declare are no part of it
PRINT = "import sys, schema.snapshot; sys.stdout.write(schema.snapshot.printed())"


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    served = subprocess.run([sys.executable, "-c", PRINT], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    committed = SNAPSHOT.read_text(encoding="utf-8")
    changed = unified_diff(committed.splitlines(), served.splitlines(), "schema.graphql", "as it is now", lineterm="")
    assert committed == served, "\n".join(["renew it by `make schema` if this is meant:", *changed])
