"""What members contribute."""

from core.access.permission import Permission
from core.hooks import hookimpl
from core.members.permissions import READ, READ_CONTACT


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, READ_CONTACT]
