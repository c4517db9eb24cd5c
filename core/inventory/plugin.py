"""What stock contributes."""

from core.hooks import hookimpl
from core.inventory.permissions import ADJUST, READ
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, ADJUST]
