"""Sending a notice: sealed into the outbox, opened where it is delivered."""

import base64
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from core.contacts import mask
from core.events import Event
from core.notices.channel import Notice, NoticeChannel
from core.work import Work, Works

_PLACE = "outbox.notice"
log = structlog.get_logger("notices")


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRequested(Event):
    template: str
    sealed: str  #: the notice, encrypted: an event holds no personal data


async def send(work: Work, notice: Notice) -> None:
    """Have a notice delivered if and only if this transaction commits."""
    sealed = base64.b64encode(work.vault.seal(asdict(notice), _PLACE)).decode()
    work.emit(NoticeRequested(template=notice.template, sealed=sealed))


async def deliver(works: Works, event: NoticeRequested) -> None:
    """Hand a notice to the tenant's channels; one that fails keeps it from no other, and it is tried again."""
    async with works() as work:
        opened: Any = work.vault.open(base64.b64decode(event.sealed), _PLACE)
        channels = work.hooks.notice_channels
    notice = Notice(**opened)
    failures = [one for channel in channels if (one := await _failure(channel, notice)) is not None]
    if failures:
        raise failures[0]


async def _failure(channel: NoticeChannel, notice: Notice) -> Exception | None:
    try:
        await channel.deliver(notice)
    except Exception as error:  # noqa: BLE001 - a channel may fail in any way
        return error
    return None


class LogChannel:
    """Where no other channel is: a line in the log, with the recipient masked and no values."""

    name = "log"

    async def deliver(self, notice: Notice) -> None:
        """Write that there was a notice, and to whom roughly."""
        log.info("notice", template=notice.template, recipient=mask(notice.recipient))
