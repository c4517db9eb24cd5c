"""The outbox: events as rows of the transaction that caused them, and their delivery."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import orjson

from core import clock
from core.events.event import Event
from core.ids import new_id

if TYPE_CHECKING:
    from core.work import Work

BATCH = 200
FIRST_RETRY = timedelta(seconds=2)
ATTEMPTS = 10  #: after that a delivery is dead until a person replays it

APPEND = """
INSERT INTO outbox (tenant_id, id, name, payload, actor, at)
SELECT $1, e.id, e.name, e.payload::jsonb, $5, $6
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS e(id, name, payload)
"""
UNDISPATCHED = """
SELECT id, name FROM outbox WHERE tenant_id = $1 AND dispatched_at IS NULL
ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
"""
EXPAND = """
INSERT INTO delivery (tenant_id, event_id, subscriber, due_at)
SELECT $1, d.event_id, d.subscriber, $4 FROM unnest($2::uuid[], $3::text[]) AS d(event_id, subscriber)
ON CONFLICT DO NOTHING
"""
DISPATCHED = "UPDATE outbox SET dispatched_at = $3 WHERE tenant_id = $1 AND id = any($2::uuid[])"
DUE = """
SELECT d.event_id, d.subscriber, d.attempts, o.name, o.payload::text FROM delivery d
JOIN outbox o ON o.tenant_id = d.tenant_id AND o.id = d.event_id
WHERE d.tenant_id = $1 AND d.done_at IS NULL AND d.attempts < $2 AND d.due_at <= $3
ORDER BY d.due_at, d.event_id LIMIT $4
"""
CLAIM = """
SELECT 1 FROM delivery
WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3 AND done_at IS NULL AND due_at <= $4
FOR UPDATE SKIP LOCKED
"""
LEASE = """
UPDATE delivery SET due_at = $4 WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3
AND done_at IS NULL AND due_at <= $5
"""
DONE = "UPDATE delivery SET done_at = $4 WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3"
FAILED = """
UPDATE delivery SET attempts = attempts + 1, due_at = $4, error = $5
WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3
"""


class Delivery(NamedTuple):
    event_id: UUID
    subscriber: str
    attempts: int
    name: str
    payload: str


async def append(work: "Work", emitted: Sequence[Event]) -> None:
    """Write events into the transaction they belong to."""
    payloads = [orjson.dumps(event.payload(), default=str).decode() for event in emitted]  # asyncpg has its own UUID
    names = [event.name for event in emitted]
    await work.execute(APPEND, [new_id() for _ in emitted], names, payloads, work.actor.label, clock.now())


async def expand(work: "Work", subscribers: dict[str, list[str]]) -> int:
    """Turn new events into one delivery for each of their subscribers; returns how many events."""
    new = await work.fetch(UNDISPATCHED, BATCH)
    pairs = [(row["id"], subscriber) for row in new for subscriber in subscribers.get(row["name"], ())]
    if pairs:
        await work.execute(EXPAND, [p[0] for p in pairs], [p[1] for p in pairs], clock.now())
    if new:
        await work.execute(DISPATCHED, [row["id"] for row in new], clock.now())
    return len(new)


async def due(work: "Work") -> list[Delivery]:
    """Deliveries whose time has come, oldest first."""
    return await work.rows(Delivery, DUE, ATTEMPTS, clock.now(), BATCH)


async def claim(work: "Work", delivery: Delivery) -> bool:
    """Hold a delivery for the rest of the transaction, unless it is done, put off, or another worker has it."""
    return await work.value(CLAIM, delivery.event_id, delivery.subscriber, clock.now()) is not None


async def lease(work: "Work", delivery: Delivery, until: datetime) -> bool:
    """Reserve a delivery beyond this transaction, for a subscriber that calls a provider."""
    return await work.execute(LEASE, delivery.event_id, delivery.subscriber, until, clock.now()) == 1


async def mark_done(work: "Work", delivery: Delivery) -> None:
    """Record that a subscriber has handled its event."""
    await work.execute(DONE, delivery.event_id, delivery.subscriber, clock.now())


async def mark_failed(work: "Work", delivery: Delivery, error: str) -> None:
    """Put a delivery off, longer each time; after the last attempt it stays for a person to see."""
    again = clock.now() + FIRST_RETRY * 2**delivery.attempts
    await work.execute(FAILED, delivery.event_id, delivery.subscriber, again, error[:500])
