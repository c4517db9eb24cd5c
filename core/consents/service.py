"""Giving consent and withdrawing it."""

from uuid import UUID

from core import clock
from core.consents.events import ConsentGiven, ConsentWithdrawn
from core.consents.locating import FORGET
from core.consents.purpose import LOCATION
from core.consents.queries import Word, last_words
from core.consents.texts import known_purpose, text_of
from core.consents.turn import take
from core.errors import Stale
from core.work import Work

SAY = """
INSERT INTO consent (tenant_id, member_id, purpose, number, given, version, at, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def give(work: Work, member_id: UUID, purpose: str, version: int) -> None:
    """Write down that a member agrees to the text that they have read, which has to be the newest."""
    text = await text_of(work, purpose)
    if text.version != version:
        raise Stale(path=("input", "version"))
    last = await _last(work, member_id, purpose)
    if last is None or not last.given or last.version != version:
        _say(work, last, member_id, purpose, version, given=True)
        work.emit(ConsentGiven(member_id=member_id, purpose=purpose))


async def withdraw(work: Work, member_id: UUID, purpose: str) -> None:
    """Write down that a member does not agree any more; what was kept by it alone is forgotten at once."""
    known_purpose(work, purpose)
    last = await _last(work, member_id, purpose)
    if last is None or not last.given:
        return
    _say(work, last, member_id, purpose, last.version, given=False)
    if purpose == LOCATION:
        work.write(FORGET, member_id)
    work.emit(ConsentWithdrawn(member_id=member_id, purpose=purpose))


async def _last(work: Work, member_id: UUID, purpose: str) -> Word | None:
    await take(work, member_id)
    return (await last_words(work, [member_id])).get((member_id, purpose))


def _say(work: Work, last: Word | None, member_id: UUID, purpose: str, version: int, *, given: bool) -> None:
    number = last.number + 1 if last is not None else 1
    work.write(SAY, member_id, purpose, number, given, version, clock.now(), work.actor.label)
