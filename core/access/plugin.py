"""What roles contribute."""

from core.access.permissions import ASSIGN, DEFINE, EXPLAIN
from core.hooks import hookimpl
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [DEFINE, ASSIGN, EXPLAIN]
