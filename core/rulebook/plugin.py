"""What rules contribute."""

from core.hooks import hookimpl
from core.permission import Permission
from core.rulebook.permissions import READ, SET


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, SET]
