"""What stock contributes."""

from core.books import Invariant
from core.hooks import hookimpl
from core.inventory.invariants import INVARIANTS
from core.inventory.permissions import ADJUST, READ
from core.inventory.rules import InventoryRules
from core.permission import Permission
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, ADJUST]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [InventoryRules]
