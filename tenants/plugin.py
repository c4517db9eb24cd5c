"""What the registry contributes."""

from core.hooks import hookimpl
from core.permission import Permission
from tenants.permissions import CONFIGURE, CREATE, MANAGE_PLUGINS, PLANS, READ_PLUGINS, SUSPEND


@hookimpl
def register_permissions() -> list[Permission]:
    return [CREATE, SUSPEND, PLANS, CONFIGURE, READ_PLUGINS, MANAGE_PLUGINS]
