"""Facts of the business, written with what they tell of and delivered after it."""

from core.events import outbox
from core.events.event import Event, Outside, Subscription, Within, event_types
from core.events.outbox import append

__all__ = ["Event", "Outside", "Subscription", "Within", "append", "event_types", "outbox"]
