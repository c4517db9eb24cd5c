"""Telling members: a message by each channel, written with what it tells of, and no more than once for each source."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple
from uuid import UUID

from core import clock, consents
from core.consents import MARKETING
from core.ids import new_id
from core.notices import wording
from core.notices.choosing import languages, order_of
from core.notices.events import InboxChanged, MessageWritten
from core.notices.kind import NoticeKind, Purpose
from core.notices.templates import OwnByKind, chosen, own_words
from core.notices.wording import Value, Words
from core.work import Work, place_of

INBOX = "inbox"  #: the channel that every brand has: what is written there has arrived

# In the order of their keys: two who tell the same wait for each other, and not in a circle.
WRITE = """
INSERT INTO message (tenant_id, id, kind, purpose, source, member_id, channel, content, subject_type, subject_id,
    status, at, settled_at)
SELECT $1, m.*, CASE m.channel WHEN 'inbox' THEN 'SENT' ELSE 'WAITING' END, $11::timestamptz,
    CASE m.channel WHEN 'inbox' THEN $11::timestamptz END
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::bytea[], $9::text[],
    $10::uuid[]) AS m(id, kind, purpose, source, member_id, channel, content, subject_type, subject_id)
ORDER BY m.member_id, m.kind, m.source, m.channel
ON CONFLICT (tenant_id, member_id, kind, source, channel) DO NOTHING RETURNING id, member_id, channel
"""


class Subject(NamedTuple):
    """What a message is about, as ids name it."""

    type: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a member is to be told."""

    code: str  #: of the kind of notice
    member_id: UUID
    source: str  #: what it tells of: the same member is told once of it
    values: Mapping[str, Value]
    recipient: str | None = None  #: a phone number in E.164, or an e-mail address, for channels that need one
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What is sealed of a message."""

    title: str
    body: str
    values: Mapping[str, str]
    language: str
    recipient: str | None

    @property
    def words(self) -> Words:
        return Words(self.title, self.body)


def opened(work: Work, sealed: bytes, message_id: UUID) -> Content:
    """The content of a message."""
    content: Any = work.vault.open(sealed, place_of("message", "content", message_id))
    return Content(**content)


async def tell(work: Work, tellings: Sequence[Telling]) -> None:
    """Have members told by every channel if this transaction commits; of marketing those alone who have consented."""
    kinds = {one.code: work.hooks.notice_kinds[one.code] for one in tellings}
    wanted = await _agreed(work, tellings, kinds)
    if not wanted:
        return
    spoken, own = await languages(work, [one.member_id for one in wanted]), await own_words(work, kinds)
    rows = [row for one in wanted for row in _rows(work, one, kinds[one.code], own, spoken.get(one.member_id))]
    written = await work.fetch(WRITE, *(list(column) for column in zip(*rows, strict=True)), clock.now())
    _announce(work, [(row["id"], row["member_id"], row["channel"]) for row in written])


async def _agreed(work: Work, tellings: Sequence[Telling], kinds: Mapping[str, NoticeKind]) -> list[Telling]:
    """What may be told: service to anybody, marketing by consent."""
    asked = [one.member_id for one in tellings if kinds[one.code].purpose == Purpose.MARKETING]
    agreeing = await consents.allows(work, asked, MARKETING)
    return [one for one in tellings if kinds[one.code].purpose != Purpose.MARKETING or one.member_id in agreeing]


def _rows(
    work: Work, one: Telling, kind: NoticeKind, own: OwnByKind, language: str | None
) -> Iterator[Sequence[object]]:
    """A message by each channel, in the member's language."""
    values = wording.shown(one.values, work.brand.time_zone)
    found, words = chosen(kind, own, order_of(work, language))
    content = asdict(Content(*wording.filled(words, values), values, found, one.recipient))
    subject = one.subject or (None, None)
    for channel in _channels(work):
        key = new_id()
        sealed = work.vault.seal(content, place_of("message", "content", key))
        yield (key, kind.code, kind.purpose, one.source, one.member_id, channel, sealed, *subject)


def _channels(work: Work) -> list[str]:
    return [INBOX, *(channel.name for channel in work.hooks.notice_channels)]


def _announce(work: Work, written: Collection[tuple[UUID, UUID, str]]) -> None:
    for key, _, channel in written:
        if channel != INBOX:
            work.emit(MessageWritten(message_id=key))
    announce_inboxes(work, {member_id for _, member_id, channel in written if channel == INBOX})


def announce_inboxes(work: Work, member_ids: Iterable[UUID]) -> None:
    """Have whoever follows these inboxes look again."""
    for member_id in sorted(member_ids):
        work.emit(InboxChanged(inbox_id=member_id))
