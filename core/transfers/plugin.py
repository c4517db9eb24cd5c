"""What transfers contribute."""

from core.books import Invariant
from core.hooks import hookimpl
from core.permission import Permission
from core.transfers.invariants import INVARIANTS
from core.transfers.permissions import MANAGE


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
