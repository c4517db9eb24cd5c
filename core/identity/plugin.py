"""What sign-in contributes."""

from core.hooks import hookimpl
from core.identity.permissions import MANAGE, READ
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, MANAGE]
