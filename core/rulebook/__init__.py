"""What brands have decided: each rule by place and moment, version after version."""

from core.rulebook.permissions import READ, SET
from core.rulebook.previewing import Preview, RuleEffect, preview
from core.rulebook.queries import Search, by_versions, count, history, renew, state, states, stored, version
from core.rulebook.rows import RuleState, RuleVersion
from core.rulebook.service import Wanted, decide, known, roll_back

__all__ = [
    "READ",
    "SET",
    "Preview",
    "RuleEffect",
    "RuleState",
    "RuleVersion",
    "Search",
    "Wanted",
    "by_versions",
    "count",
    "decide",
    "history",
    "known",
    "preview",
    "renew",
    "roll_back",
    "state",
    "states",
    "stored",
    "version",
]
