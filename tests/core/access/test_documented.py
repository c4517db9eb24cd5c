"""docs/access.md says what there is."""

import re

from core.access import ROLES, Reason
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_built_in_roles_are_documented_with_all_that_they_may_do() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\w ]+) \| (.*) \|$", PAGE, re.MULTILINE)
    documented = {name: (label, tuple(re.findall(r"`([^`]+)`", permissions))) for name, label, permissions in rows}
    assert documented == {seed.name: (seed.label, seed.permissions) for seed in ROLES.values()}


def test_every_reason_is_documented() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)) == set(Reason)
