"""What was written: told to whoever keeps answers, here at once and in every other process by NOTIFY."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol, Self

from core.models import metadata
from tenants.doorbell import Doorbell

CHANNEL = "hexmart_changes"  #: NOTIFY with a Change
WHOLE = "*"  #: in place of a table: everything of the tenant
LONGEST_PAYLOAD = 7_999  #: bytes; PostgreSQL takes no more


@dataclass(frozen=True, slots=True)
class Change:
    """Tables of a tenant that were written; origin and number name it in every process."""

    slug: str
    tables: frozenset[str]
    origin: str  #: the process that wrote
    number: int  #: of its changes, counted up

    @property
    def payload(self) -> str:
        """As it travels; what would be too long to travel says that anything may have changed."""
        head = (self.origin, str(self.number), self.slug)
        payload = " ".join((*head, *sorted(self.tables)))
        return payload if len(payload.encode()) <= LONGEST_PAYLOAD else " ".join((*head, WHOLE))

    @classmethod
    def of(cls, payload: str) -> Self:
        origin, number, slug, *tables = payload.split(" ")
        return cls(slug, frozenset(tables), origin, int(number))


class Subscriber(Protocol):
    """Who keeps what was read, and lets go of it."""

    def drop(self, change: Change) -> None:
        """Let go of what was read of these tables."""

    def clear(self) -> None:
        """Let go of everything: what has changed was not heard."""


class Changes:
    """Told of every commit, tells its subscribers before whoever committed goes on, and other processes soon after."""

    def __init__(self, doorbell: Doorbell) -> None:
        self._doorbell = doorbell
        self._origin = secrets.token_hex(6)
        self._number = 0
        self._subscribers: list[Subscriber] = []
        self.hearing: Callable[[], bool] = deaf  #: whether this process hears what others write

    def subscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.append(subscriber)

    def wrote(self, slug: str, tables: Iterable[str], *, announced: bool = False) -> None:
        """A Work of this process has committed, or may have; announced: other processes hear of it already."""
        change = self._change(slug, _with_followers(frozenset(tables)))
        self._tell(change)
        if announced:
            return
        waiting = self._doorbell.waiting.get((CHANNEL, slug))
        if waiting is not None:
            change = replace(change, tables=change.tables | Change.of(waiting).tables)
        self._doorbell.ring(slug, channel=CHANNEL, payload=change.payload)

    def announcement(self, slug: str, tables: Iterable[str]) -> str:
        """What a transaction has PostgreSQL tell other processes, if and only if it commits."""
        return self._change(slug, _with_followers(frozenset(tables))).payload

    def heard(self, payload: str) -> None:
        """Another process has written; one's own changes come back as well, and were told already."""
        try:
            change = Change.of(payload)
        except ValueError:  # another release says it in another way
            self.missed()
            return
        if change.origin != self._origin:
            self._tell(change)

    def tenant_changed(self, slug: str) -> None:
        """The registry says that a tenant is not what it was."""
        self._tell(self._change(slug, frozenset({WHOLE})))

    def missed(self) -> None:
        """Anything may have changed."""
        for subscriber in self._subscribers:
            subscriber.clear()

    def _change(self, slug: str, tables: frozenset[str]) -> Change:
        self._number += 1
        return Change(slug, tables, self._origin, self._number)

    def _tell(self, change: Change) -> None:
        for subscriber in self._subscribers:
            subscriber.drop(change)


def deaf() -> bool:
    """What a process hears that does not listen."""
    return False


@lru_cache(maxsize=4096)
def _with_followers(tables: frozenset[str]) -> frozenset[str]:
    """With the tables whose rows PostgreSQL changes by itself when a row that they refer to goes."""
    keys = [key for table in metadata.tables.values() for key in table.foreign_key_constraints if key.ondelete]
    more = tables | {key.table.name for key in keys if key.referred_table.name in tables}
    return tables if more == tables else _with_followers(more)
