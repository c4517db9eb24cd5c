"""What stores contribute."""

from core.hooks import hookimpl
from core.permission import Permission
from core.rules import Rules
from core.stores.permissions import MANAGE_WAREHOUSES
from core.stores.rules import StoreRules


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE_WAREHOUSES]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [StoreRules]
