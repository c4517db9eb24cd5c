"""What rules contribute."""

from core.books import Invariant, written_once
from core.hooks import hookimpl
from core.permission import Permission
from core.rulebook.permissions import READ, SET


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, SET]


@hookimpl
def register_invariants() -> list[Invariant]:
    return [written_once("rulebook.versions", "rule_version", "What was decided of a rule stays as it was written.")]
