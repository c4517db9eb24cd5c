"""What notices contribute."""

from collections.abc import Sequence
from datetime import timedelta

from core.events import Outside, Subscription
from core.hooks import hookimpl
from core.jobs import Job
from core.notices.channel import NoticeChannel
from core.notices.events import MessageWritten
from core.notices.inbox import forget_old
from core.notices.permissions import MANAGE
from core.notices.personal_data import PERSONAL_DATA
from core.notices.rules import NoticeRules
from core.notices.sending import send_message
from core.notices.service import LogChannel, NoticeRequested, deliver
from core.permission import Permission
from core.personal import PersonalData
from core.rules import Rules


@hookimpl
def register_permissions() -> list[Permission]:
    return [MANAGE]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [NoticeRules]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [Outside(NoticeRequested, deliver), Outside(MessageWritten, send_message)]


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("notices.forget_old", timedelta(hours=1), forget_old)]


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA


@hookimpl
def notice_channel() -> NoticeChannel:
    return LogChannel()
