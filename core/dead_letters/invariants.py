"""What must hold of events that are to be delivered. Dead letters are no fault of the books: a person replays them."""

from core.books import Invariant, Scope

DISPATCHED = """
SELECT id, name, at FROM outbox
WHERE tenant_id = $1 AND dispatched_at IS NULL AND at < (SELECT app_now()) - interval '1 hour'
"""
DELIVERED = """
SELECT event_id, subscriber, attempts, due_at FROM delivery
WHERE tenant_id = $1 AND done_at IS NULL AND dead_at IS NULL AND due_at < (SELECT app_now()) - interval '3 hours'
"""

INVARIANTS = [
    Invariant(
        key="events.dispatched",
        sentence="An event is on its way within the hour.",
        broken=DISPATCHED,
        scope=Scope.UPKEEP,
    ),
    Invariant(
        key="events.delivered",
        sentence="A delivery is tried, or given up, within three hours of its time.",
        broken=DELIVERED,
        scope=Scope.UPKEEP,
    ),
]
