"""What members contribute."""

from core.hooks import hookimpl
from core.members.permissions import READ, READ_CONTACT
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, READ_CONTACT]
