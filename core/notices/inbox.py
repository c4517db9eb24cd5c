"""What members find in their inboxes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from core.actors import ActorKind
from core.errors import Invalid, NotFound
from core.ids import first_id, made_at
from core.jobs import forget, forgetting
from core.notices.events import InboxChanged
from core.notices.rows import MessageRow
from core.notices.rules import NoticeRules
from core.notices.telling import announce_inboxes, opened
from core.notices.wording import Words
from core.work import Work

MOST = 100  #: messages that are marked as read by their ids
OVERLAP = timedelta(seconds=30)  #: ids are made before the commit: a fact may be older than one that was seen

_MESSAGE = "m.id, m.member_id, m.kind, m.purpose, m.content, m.subject_type, m.subject_id, m.at, m.read_at"
PAGES = f"""
SELECT {_MESSAGE} FROM unnest($2::uuid[]) AS o(id) CROSS JOIN LATERAL (
    SELECT * FROM message i WHERE i.tenant_id = $1 AND i.member_id = o.id AND i.channel = 'inbox'
    AND ($3::uuid IS NULL OR i.id < $3) AND (NOT $4::boolean OR i.read_at IS NULL)
    ORDER BY i.id DESC LIMIT $5) m
"""
BY_IDS = f"""
SELECT {_MESSAGE} FROM message m
WHERE m.tenant_id = $1 AND m.member_id = $2 AND m.channel = 'inbox' AND m.id = any($3::uuid[])
"""
COUNTS = """
SELECT member_id, count(*) AS number FROM message
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) AND channel = 'inbox' GROUP BY member_id
"""
UNREAD = """
SELECT member_id, count(*) AS number FROM message
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) AND channel = 'inbox' AND read_at IS NULL GROUP BY member_id
"""
READ = """
UPDATE message SET read_at = $3 WHERE tenant_id = $1 AND member_id = $2 AND channel = 'inbox' AND read_at IS NULL
AND ($4::uuid[] IS NULL OR id = any($4))
"""
CHANGED = f"""
SELECT id, (payload->>'inbox_id')::uuid AS inbox_id FROM outbox
WHERE tenant_id = $1 AND id >= $2 AND name = '{InboxChanged.name}' ORDER BY id
"""
FORGET = forgetting("message", "at")


async def visible(work: Work, ids: Sequence[UUID]) -> list[MessageRow | None]:
    """Messages in the order of their ids: a member sees their own, and nobody sees another's."""
    if work.actor.kind != ActorKind.MEMBER:
        return [None] * len(ids)
    found = {row.id: row for row in await work.rows(MessageRow, BY_IDS, work.actor.id, list(set(ids)))}
    return [found.get(key) for key in ids]


async def pages(
    work: Work, member_ids: Sequence[UUID], limit: int, *, after: UUID | None, unread_only: bool
) -> list[list[MessageRow]]:
    """The messages of each member that the actor may see, newest first, at most `limit` of each."""
    found: dict[UUID, list[MessageRow]] = {key: [] for key in member_ids}
    own = _own(work, member_ids)
    for row in await work.rows(MessageRow, PAGES, own, after, unread_only, limit) if own else ():
        found[row.member_id].append(row)
    return [found[key] for key in member_ids]


async def counts(work: Work, member_ids: Sequence[UUID]) -> list[int]:
    """How many messages of each member the actor may see."""
    return await _numbers(work, COUNTS, member_ids)


async def unread_counts(work: Work, member_ids: Sequence[UUID]) -> list[int]:
    """How many of them are unread."""
    return await _numbers(work, UNREAD, member_ids)


async def read(work: Work, member_id: UUID, ids: Collection[UUID]) -> None:
    """Mark messages of a member as read; all of them have to be theirs."""
    path = ("input", "messageIds")
    if not 1 <= len(ids) <= MOST:
        raise Invalid(reason=f"Name between 1 and {MOST} messages.", path=path)
    known = await work.rows(MessageRow, BY_IDS, member_id, list(set(ids)))
    if len(known) < len(set(ids)):
        raise NotFound(what="message", path=path)
    await _read(work, member_id, sorted(set(ids)))


async def read_all(work: Work, member_id: UUID) -> None:
    """Mark every message of a member as read."""
    await _read(work, member_id, None)


def words_of(work: Work, row: MessageRow) -> Words:
    """What a message says."""
    return opened(work, row.sealed_content, row.id).words


async def changed_since(work: Work, moment: datetime) -> Mapping[UUID, datetime]:
    """The inboxes of which something was told since a moment, or shortly before, and when last."""
    rows = await work.fetch(CHANGED, first_id(moment - OVERLAP))
    return {row["inbox_id"]: made_at(row["id"]) for row in rows}


async def forget_old(work: Work) -> int:
    """Forget messages that are older than the brand keeps them."""
    return await forget(work, FORGET, clock.now() - timedelta(days=work.rules(NoticeRules).inbox_days))


async def _numbers(work: Work, sql: str, member_ids: Sequence[UUID]) -> list[int]:
    own = _own(work, member_ids)
    rows = await work.fetch(sql, own) if own else ()
    found: dict[UUID, int] = {row["member_id"]: row["number"] for row in rows}
    return [found.get(key, 0) for key in member_ids]


def _own(work: Work, member_ids: Sequence[UUID]) -> list[UUID]:
    """A member sees their own messages, and nobody sees another's."""
    return [key for key in set(member_ids) if work.actor.kind == ActorKind.MEMBER and key == work.actor.id]


async def _read(work: Work, member_id: UUID, ids: Sequence[UUID] | None) -> None:
    if await work.execute(READ, member_id, clock.now(), ids):
        announce_inboxes(work, [member_id])
