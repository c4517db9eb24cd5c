"""What sign-in contributes."""

from core.events import Subscription, Within
from core.hooks import hookimpl
from core.identity.choosing import send_reset
from core.identity.events import PasswordResetRequested
from core.identity.permissions import MANAGE, READ
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, MANAGE]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Within(PasswordResetRequested, send_reset)]
