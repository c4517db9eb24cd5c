"""Replaying dead letters, burying what nobody will ever hear, and forgetting what is long over."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from core import audit, clock
from core.dead_letters.permissions import REPLAY
from core.dead_letters.queries import LETTER, LETTERS, require_everywhere
from core.dead_letters.rows import DeadLetter
from core.errors import Invalid, NotFound
from core.jobs import forget, forgetting
from core.jobs.sweeping import BATCH
from core.work import Work

MOST = 100  #: that are replayed at once
TOLD = timedelta(days=7)  #: how long a delivered event is kept
DEAD = timedelta(days=90)  #: how long a dead letter is
LISTENING_SOON = timedelta(hours=1)  #: a release may be under way, of which other processes know the subscriber
_IDS = ("input", "ids")

HOLD = """
SELECT id, dead_at IS NOT NULL AS dead FROM delivery WHERE tenant_id = $1 AND id = any($2::uuid[])
ORDER BY id FOR UPDATE
"""
CHOSEN = f"SELECT {LETTER} FROM {LETTERS} WHERE d.tenant_id = $1 AND d.id = any($2::uuid[]) ORDER BY d.id"
REPLAY_THEM = """
UPDATE delivery SET dead_at = NULL, attempts = 0, due_at = $3 WHERE tenant_id = $1 AND id = any($2::uuid[])
"""
BURY = """
UPDATE delivery SET dead_at = $2, error = 'nobody listens' WHERE tenant_id = $1 AND ctid = any(ARRAY(
    SELECT ctid FROM delivery WHERE tenant_id = $1 AND done_at IS NULL AND dead_at IS NULL AND due_at < $3
    AND subscriber <> ALL($4::text[]) LIMIT $5 FOR UPDATE SKIP LOCKED
))
"""
FORGET_DELIVERED = forgetting("delivery", "done_at")
FORGET_DEAD = forgetting("delivery", "dead_at")
FORGET_EVENTS = """
DELETE FROM outbox WHERE tenant_id = $1 AND ctid = any(ARRAY(
    SELECT o.ctid FROM outbox o WHERE o.tenant_id = $1 AND o.dispatched_at < $2
    AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.tenant_id = $1 AND d.event_id = o.id)
    ORDER BY o.dispatched_at LIMIT $3 FOR UPDATE OF o SKIP LOCKED
))
"""


async def replay(work: Work, ids: Sequence[UUID | None]) -> tuple[list[DeadLetter], list[UUID]]:
    """Make dead letters due again, with all their attempts; returns them, and those that were not dead any more."""
    require_everywhere(work, REPLAY)
    if not 1 <= len(ids) <= MOST:
        raise Invalid(reason=f"Between 1 and {MOST} ids are wanted.", path=_IDS)
    wanted = {key for key in ids if key is not None}
    held = {row["id"]: row["dead"] for row in await work.fetch(HOLD, list(wanted))}
    if None in ids or len(held) != len(wanted):
        raise NotFound(what="dead letter", path=_IDS)
    dead = [key for key, is_dead in held.items() if is_dead]
    letters = await work.rows(DeadLetter, CHOSEN, dead)
    if dead:
        await work.execute(REPLAY_THEM, dead, clock.now())
        await audit.record_each(work, "event.replayed", "DeadLetter", dead, after={"subscribers": _names(letters)})
    return letters, [key for key, is_dead in held.items() if not is_dead]


async def bury_orphans(work: Work) -> int:
    """Declare dead what has waited for a while for a subscriber that no plugin has any more."""
    now = clock.now()
    return await work.execute(BURY, now, now - LISTENING_SOON, sorted(work.hooks.known_subscribers), BATCH)


async def forget_told(work: Work) -> int:
    """Delete a batch of what was delivered, or is dead, and long over; returns how many rows."""
    now = clock.now()
    deliveries = await forget(work, FORGET_DELIVERED, now - TOLD) + await forget(work, FORGET_DEAD, now - DEAD)
    return deliveries + await forget(work, FORGET_EVENTS, now - TOLD)


def _names(letters: Iterable[DeadLetter]) -> list[str]:
    return sorted({letter.subscriber for letter in letters})
