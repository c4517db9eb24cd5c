"""Sending a notice to whoever has a number or an address: sealed into the outbox, opened where it is delivered."""

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from core.contacts import mask
from core.events import Event, Hopeless
from core.notices import wording
from core.notices.channel import Letter, Notice, NoticeChannel
from core.notices.templates import chosen, own_words
from core.notices.wording import Words
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
        letter = await _letter(work, works, Notice(**opened))
        channels = work.hooks.notice_channels
    failures = [one for channel in channels if (one := await _failure(channel, letter)) is not None]
    if failures:
        raise _worst(failures)


async def _letter(work: Work, works: Works, notice: Notice) -> Letter:
    """The notice in words; a kind whose plugin is off has none any more."""
    kind, words = work.hooks.notice_kinds.get(notice.template), Words("", "")
    language = (notice.language or work.language)[:2]
    if kind is not None:
        language, words = chosen(kind, await own_words(work, [kind.code]), [language])
    return Letter(
        template=notice.template,
        recipient=notice.recipient,
        values=notice.values,
        language=language,
        words=wording.filled(words, notice.values),
        works=works,
    )


async def _failure(channel: NoticeChannel, letter: Letter) -> Exception | None:
    try:
        await channel.deliver(letter)
    except Exception as error:  # noqa: BLE001 - a channel may fail in any way
        return error
    return None


def _worst(failures: Sequence[Exception]) -> Exception:
    """What may pass is tried again, whatever another channel has given up."""
    return next((one for one in failures if not isinstance(one, Hopeless)), failures[0])


class LogChannel:
    """Where no other channel is: a line in the log, with the recipient masked and no values."""

    name = "log"

    async def deliver(self, letter: Letter) -> None:
        """Write that there was a notice, and to whom roughly."""
        log.info("notice", template=letter.template, recipient=mask(letter.recipient or ""))
