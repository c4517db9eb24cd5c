"""Sending messages: outside of any transaction, after asking once more whether the member still agrees."""

import asyncio
from typing import NamedTuple
from uuid import UUID

from core import clock, consents
from core.consents import MARKETING
from core.notices.channel import Letter, NoticeChannel
from core.notices.errors import Undeliverable
from core.notices.events import MessageWritten
from core.notices.kind import Purpose
from core.notices.telling import opened
from core.work import Work, Works

PATIENCE = 15.0  #: seconds for a channel: one that hangs must not keep the others waiting

# Nobody else has it: the delivery is leased to us, and what is settled is not sent again.
WAITING = """
SELECT id, kind, purpose, member_id, channel, content FROM message
WHERE tenant_id = $1 AND id = $2 AND status = 'WAITING'
"""
SETTLE = """
UPDATE message SET status = $3, settled_at = $4 WHERE tenant_id = $1 AND id = $2 AND status = 'WAITING'
"""


class Waiting(NamedTuple):
    """A message that is to be sent."""

    id: UUID
    kind: str
    purpose: str
    member_id: UUID
    channel: str
    sealed_content: bytes


async def send_message(works: Works, event: MessageWritten) -> None:
    """Hand a message to its channel; what it raises is tried again, unless trying again cannot help."""
    async with works() as work:
        message = await work.row(Waiting, WAITING, event.message_id)
        channel = await _channel(work, message) if message is not None else None
    if message is None or channel is None:
        return
    status = await _sent(channel, _letter(work, works, message))
    async with works() as work:
        await work.execute(SETTLE, message.id, status, clock.now())


async def _channel(work: Work, message: Waiting) -> NoticeChannel | None:
    """The channel of a message that may still be sent; any other is settled here."""
    channel = next((one for one in work.hooks.notice_channels if one.name == message.channel), None)
    if channel is None:
        await work.execute(SETTLE, message.id, "UNDELIVERABLE", clock.now())
    elif not await _may_be_sent(work, message):
        await work.execute(SETTLE, message.id, "WITHHELD", clock.now())
        return None
    return channel


async def _may_be_sent(work: Work, message: Waiting) -> bool:
    if message.purpose != Purpose.MARKETING:
        return True
    return bool(await consents.allows(work, [message.member_id], MARKETING))


async def _sent(channel: NoticeChannel, letter: Letter) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await channel.deliver(letter)
    except Undeliverable:
        return "UNDELIVERABLE"
    return "SENT"


def _letter(work: Work, works: Works, message: Waiting) -> Letter:
    content = opened(work, message.sealed_content, message.id)
    return Letter(
        template=message.kind,
        recipient=content.recipient,
        values=content.values,
        language=content.language,
        words=content.words,
        member_id=message.member_id,
        key=message.id,
        works=works,
    )
