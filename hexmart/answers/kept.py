"""The answers that this process keeps: bounded, the one not asked for longest goes first."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from time import monotonic

from hexmart.answers.answer import Answer, Stamp
from hexmart.answers.shared import SharedAnswers
from tenants.changes import WHOLE, Change, Changes

#: seconds; nobody tells of what is written by hand, or by a process that dies between its COMMIT and its NOTIFY
LIFETIME = 60.0
SHORTEST = 0.001  #: seconds for which keeping an answer is worth it
OVERHEAD = 1_024  #: bytes that an answer takes beside its body and its key, which says all variables: objects, indexes
MOST_CHANGES = 100_000  #: remembered, for stamps that are still out


class Answers:
    """A subscriber of Changes: what it gives is as new as what was heard, and without hearing it gives nothing."""

    def __init__(self, budget: int, changes: Changes, shared: SharedAnswers | None = None) -> None:
        self._budget = budget
        self._changes = changes
        self._shared = shared
        self._kept: OrderedDict[Hashable, tuple[Answer, float, int]] = OrderedDict()  #: until when, and its size
        self._readers: dict[tuple[str, str], set[Hashable]] = {}  #: keys by tenant and table
        self.moment = 0  #: how many changes were heard of; a Stamp is made of it
        self._cleared = 0  #: the moment of the last time that everything was dropped
        self._changed: dict[tuple[str, str], int] = {}  #: moments since, by tenant and table
        self.size = 0  #: bytes
        self.hits = self.misses = 0
        changes.subscribe(self)

    def get(self, key: Hashable) -> Answer | None:
        """The answer under a key, unless anything that it was read from has changed."""
        found = self._kept.get(key)
        if found is None or found[1] < monotonic() or not self._changes.hearing():
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return found[0]

    async def ask(self, key: Hashable, stamp: Stamp) -> Answer | None:
        """What another process has kept, where Redis is there to say so; the key's repr is the same in each of them."""
        if self._shared is None or not self._changes.hearing():
            return None
        found = await self._shared.find(key, stamp)
        if found is None:
            return None
        answer, seconds = found
        self._keep(key, answer, stamp, seconds)
        return answer

    def keep(self, key: Hashable, answer: Answer, stamp: Stamp, seconds: float = LIFETIME) -> None:
        """Keep an answer for so long at most, if nothing that it was read from was written since the stamp."""
        seconds = min(seconds, LIFETIME)
        if seconds >= SHORTEST and self._keep(key, answer, stamp, seconds) and self._shared is not None:
            self._shared.put(key, answer, stamp, seconds)

    def drop(self, change: Change) -> None:
        """Let go of what was read of these tables."""
        self.moment += 1
        for table in change.tables:
            self._changed[change.slug, table] = self.moment
            for key in list(self._readers.get((change.slug, table), ())):
                self._forget(key)
        if len(self._changed) > MOST_CHANGES:
            self._changed.clear()
            self._cleared = self.moment  # no stamp that is out now is good for anything
        if self._shared is not None:
            self._shared.bring(change)

    def clear(self) -> None:
        """Let go of everything: what has changed was not heard."""
        self.moment += 1
        self._cleared = self.moment
        self._kept.clear()
        self._readers.clear()
        self._changed.clear()
        self.size = 0
        if self._shared is not None:
            self._shared.distrust()

    async def close(self) -> None:
        """Give back the connections to Redis."""
        if self._shared is not None:
            await self._shared.close()

    def _keep(self, key: Hashable, answer: Answer, stamp: Stamp, seconds: float) -> bool:
        size = len(answer.body) + len(repr(key)) + OVERHEAD
        if size > self._budget or not self._is_current(answer.tables, stamp):
            return False
        self._forget(key)
        while self.size + size > self._budget:
            self._forget(next(iter(self._kept)))
        self._kept[key] = answer, monotonic() + seconds, size
        self.size += size
        for place in _places(answer):
            self._readers.setdefault(place, set()).add(key)
        return True

    def _is_current(self, tables: Iterable[str], stamp: Stamp) -> bool:
        """Whether nothing was written since the stamp that an answer from these tables would lack."""
        changed = (self._changed.get((stamp.slug, table), 0) for table in (WHOLE, *tables))
        return max(self._cleared, *changed) <= stamp.moment

    def _forget(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is None:
            return
        answer, _, size = found
        self.size -= size
        for place in _places(answer):
            readers = self._readers[place]
            readers.discard(key)
            if not readers:
                del self._readers[place]


def _places(answer: Answer) -> list[tuple[str, str]]:
    """Where a change finds an answer: under each table it was read from, and under its tenant as a whole."""
    return [(answer.slug, table) for table in (WHOLE, *answer.tables)]
