"""What the registry contributes."""

from core.access import Permission
from core.hooks import hookimpl
from tenants.permissions import CREATE, SUSPEND


@hookimpl
def register_permissions() -> list[Permission]:
    return [CREATE, SUSPEND]
