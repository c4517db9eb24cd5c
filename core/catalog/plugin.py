"""What the catalog contributes."""

from core.books import Invariant
from core.catalog.invariants import INVARIANTS
from core.catalog.permissions import MANAGE
from core.catalog.rules import CatalogRules
from core.hooks import hookimpl
from core.permission import Permission
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [CatalogRules]
