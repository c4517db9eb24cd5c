"""What notices contribute."""

from core.events import Outside, Subscription
from core.hooks import hookimpl
from core.notices.channel import NoticeChannel
from core.notices.service import LogChannel, NoticeRequested, deliver


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Outside(NoticeRequested, deliver)]


@hookimpl
def notice_channel() -> NoticeChannel:
    return LogChannel()
