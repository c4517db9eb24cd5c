"""What the audit log contributes."""

from core.audit.permissions import READ
from core.hooks import hookimpl
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ]
