"""What notices contribute."""

from core.events import Outside, Subscription
from core.hooks import hookimpl
from core.notices.channel import NoticeChannel
from core.notices.permissions import MANAGE
from core.notices.service import LogChannel, NoticeRequested, deliver
from core.permission import Permission


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Outside(NoticeRequested, deliver)]


@hookimpl
def notice_channel() -> NoticeChannel:
    return LogChannel()
