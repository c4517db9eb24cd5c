"""The outbox: events as rows of the transaction that caused them, and their delivery."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import orjson

from core import clock
from core.events.event import Event
from core.ids import new_id

if TYPE_CHECKING:
    from core.work import Work

BATCH = 200  #: events that are expanded at once
SHARE = 20  #: deliveries of one subscriber that are looked up at once: none keeps the others waiting
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
INSERT INTO delivery (tenant_id, event_id, subscriber, plugin, id, due_at)
SELECT $1, d.event_id, d.subscriber, d.plugin, d.id, $6
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) AS d(event_id, subscriber, plugin, id)
ON CONFLICT DO NOTHING
"""
DISPATCHED = "UPDATE outbox SET dispatched_at = $3 WHERE tenant_id = $1 AND id = any($2::uuid[])"
WAITING = """
SELECT (SELECT id FROM outbox WHERE tenant_id = $1 AND dispatched_at IS NULL ORDER BY id LIMIT 1) IS NOT NULL,
    ARRAY(SELECT s.name FROM unnest($2::text[]) AS s(name) CROSS JOIN LATERAL (
        SELECT FROM delivery d WHERE d.tenant_id = $1 AND d.subscriber = s.name
        AND d.done_at IS NULL AND d.dead_at IS NULL AND d.due_at <= $3 ORDER BY d.due_at LIMIT 1
    ) AS first)
"""
DUE = """
SELECT d.event_id, d.subscriber, d.attempts, d.due_at, o.name, o.payload::text
FROM unnest($2::text[]) AS s(name)
CROSS JOIN LATERAL (
    SELECT event_id, subscriber, attempts, due_at FROM delivery
    WHERE tenant_id = $1 AND subscriber = s.name AND done_at IS NULL AND dead_at IS NULL AND due_at <= $3
    ORDER BY due_at LIMIT $4
) AS d
JOIN outbox o ON o.tenant_id = $1 AND o.id = d.event_id
ORDER BY d.due_at, d.event_id
"""
CLAIM = """
SELECT 1 FROM delivery
WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3 AND done_at IS NULL AND dead_at IS NULL AND due_at <= $4
FOR UPDATE SKIP LOCKED
"""
LEASE = """
UPDATE delivery SET due_at = $4 WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3
AND done_at IS NULL AND dead_at IS NULL AND due_at <= $5
"""
DONE = "UPDATE delivery SET done_at = $4 WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3"
#: the moment it was due, or leased until, tells whether another worker has had it since
FAILED = """
UPDATE delivery SET attempts = attempts + 1, due_at = $5, dead_at = $6, error = $7
WHERE tenant_id = $1 AND event_id = $2 AND subscriber = $3 AND due_at = $4 AND done_at IS NULL AND dead_at IS NULL
"""


class Listener(NamedTuple):
    """A subscriber by its name, and whose it is."""

    subscriber: str
    plugin: str | None  #: None: core's own


class Delivery(NamedTuple):
    event_id: UUID
    subscriber: str
    attempts: int
    due_at: datetime  #: or until when it is leased
    name: str
    payload: str


class Expansion(NamedTuple):
    """What has become of new events."""

    events: int
    subscribers: frozenset[str]  #: who has something to handle now


class Waiting(NamedTuple):
    """What there is to do at a tenant."""

    new_events: bool
    subscribers: list[str]  #: for whom something is due


def append(work: "Work", emitted: Sequence[Event]) -> None:
    """Write events into the transaction they belong to."""
    payloads = [orjson.dumps(event, default=str).decode() for event in emitted]  # asyncpg has its own UUID
    names = [event.name for event in emitted]
    work.write(APPEND, [new_id() for _ in emitted], names, payloads, work.actor.label, clock.now())


async def expand(work: "Work", listening: Mapping[str, Sequence[Listener]]) -> Expansion:
    """Turn a batch of new events into one delivery for each who listens to their names."""
    new = await work.fetch(UNDISPATCHED, BATCH)
    pairs = [(row["id"], listener) for row in new for listener in listening.get(row["name"], ())]
    names, plugins = [one.subscriber for _, one in pairs], [one.plugin for _, one in pairs]
    if pairs:
        events, ids = [event for event, _ in pairs], [new_id() for _ in pairs]
        await work.execute(EXPAND, events, names, plugins, ids, clock.now())
    if new:
        await work.execute(DISPATCHED, [row["id"] for row in new], clock.now())
    return Expansion(len(new), frozenset(names))


async def waiting(work: "Work", subscribers: Sequence[str]) -> Waiting:
    """What there is to do; one statement, since a thousand tenants with nothing to do are asked all the time."""
    return (await work.rows(Waiting, WAITING, subscribers, clock.now()))[0]


async def due(work: "Work", subscribers: Sequence[str]) -> list[Delivery]:
    """Deliveries whose time has come, oldest first; of each subscriber no more than its share."""
    return await work.rows(Delivery, DUE, subscribers, clock.now(), SHARE)


async def claim(work: "Work", delivery: Delivery) -> bool:
    """Hold a delivery for the rest of the transaction, unless it is over, put off, or another worker has it."""
    return await work.value(CLAIM, delivery.event_id, delivery.subscriber, clock.now()) is not None


async def lease(work: "Work", delivery: Delivery, until: datetime) -> bool:
    """Reserve a delivery beyond this transaction, for a subscriber that calls a provider."""
    return await work.execute(LEASE, delivery.event_id, delivery.subscriber, until, clock.now()) == 1


async def mark_done(work: "Work", delivery: Delivery) -> None:
    """Record that a subscriber has handled its event."""
    await work.execute(DONE, delivery.event_id, delivery.subscriber, clock.now())


async def mark_failed(work: "Work", delivery: Delivery, error: str, *, hopeless: bool = False) -> bool:
    """Put a delivery off, longer each time; returns whether it is dead, after the last attempt or without hope."""
    now = clock.now()
    dead = hopeless or delivery.attempts + 1 >= ATTEMPTS
    key = (delivery.event_id, delivery.subscriber, delivery.due_at)
    await work.execute(FAILED, *key, now + _pause(delivery.attempts), now if dead else None, error[:500])
    return dead


def _pause(attempts: int) -> timedelta:
    """Twice as long each time, and less by chance: what failed together is not tried together again."""
    return FIRST_RETRY * ((1 << attempts) * random.uniform(0.5, 1))
