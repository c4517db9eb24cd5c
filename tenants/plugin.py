"""What the registry contributes."""

from core.books import Invariant
from core.hooks import hookimpl
from core.permission import Permission
from tenants.keeping_apart import INVARIANTS
from tenants.permissions import CONFIGURE, CREATE, MANAGE_PLUGINS, PLANS, READ_PLUGINS, SUSPEND


@hookimpl
def register_permissions() -> list[Permission]:
    return [CREATE, SUSPEND, PLANS, CONFIGURE, READ_PLUGINS, MANAGE_PLUGINS]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
