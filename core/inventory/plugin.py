"""What stock contributes."""

from core.access.permission import Permission
from core.hooks import hookimpl
from core.inventory.permissions import ADJUST, READ


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, ADJUST]
