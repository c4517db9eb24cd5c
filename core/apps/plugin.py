"""What partner apps contribute."""

from core.apps.permissions import MANAGE
from core.hooks import hookimpl
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE]
