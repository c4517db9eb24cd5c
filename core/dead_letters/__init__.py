"""Deliveries that have failed for good: seen by a person, and replayed or forgotten."""

from core.dead_letters.permissions import READ, REPLAY
from core.dead_letters.queries import Search, count, page
from core.dead_letters.rows import DeadLetter
from core.dead_letters.service import bury_orphans, forget_told, replay

__all__ = ["READ", "REPLAY", "DeadLetter", "Search", "bury_orphans", "count", "forget_told", "page", "replay"]
