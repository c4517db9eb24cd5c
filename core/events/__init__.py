"""Facts of the business, written with what they tell of and delivered after it."""

from core.events import outbox
from core.events.checking import faults
from core.events.errors import EventStorm, Hopeless, Unreadable
from core.events.event import Event, Outside, Subscription, Within, event_types, read
from core.events.outbox import append

__all__ = [
    "Event",
    "EventStorm",
    "Hopeless",
    "Outside",
    "Subscription",
    "Unreadable",
    "Within",
    "append",
    "event_types",
    "faults",
    "outbox",
    "read",
]
