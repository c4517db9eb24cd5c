"""What a tenant has decided and when each decision takes effect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.rules.book import Place, Regions, RuleBook

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Decision:
    """A value that a rule has in a place from a moment on; None: none of its own any more."""

    version: int
    key: str
    place: Place
    value: object
    effective_from: datetime


class Schedule:
    """A tenant's decisions as they were read: it knows what is to come, so that nobody has to do anything then."""

    def __init__(self, decisions: Iterable[Decision] = (), regions: Regions | None = None, version: int = 0) -> None:
        self._decisions = sorted(decisions, key=lambda one: (one.effective_from, one.version))
        self._regions = regions or {}
        self.version = version
        self._book: RuleBook | None = None
        self._since = self._until = _NEVER

    def over(self, platform: RuleBook, now: datetime) -> RuleBook:
        """What holds at a moment; the same book until the next decision takes effect."""
        if not self._decisions and not self.version:
            return platform
        book = self._book
        if book is None or book.platform is not platform or not self._since <= now < self._until:
            book = self._book = self._at(platform, now)
            self._since, self._until = now, self.next_after(now)
        return book

    def next_after(self, now: datetime) -> datetime:
        """When the next decision takes effect; the end of time where none waits."""
        return next((one.effective_from for one in self._decisions if one.effective_from > now), _NEVER)

    def upcoming(self, key: str, places: Sequence[Place], now: datetime) -> Decision | None:
        """The next decision about a rule in one of these places."""
        found = (one for one in self._decisions if one.effective_from > now and one.key == key and one.place in places)
        return next(found, None)

    def in_force(self, now: datetime) -> dict[tuple[str, Place], Decision]:
        """Of each rule and place the decision that holds, the removals among them."""
        return {(one.key, one.place): one for one in self._decisions if one.effective_from <= now}

    def values(self, now: datetime) -> dict[tuple[str, Place], object]:
        """The values that hold, by rule and place."""
        return {at: one.value for at, one in self.in_force(now).items() if one.value is not None}

    def _at(self, platform: RuleBook, now: datetime) -> RuleBook:
        return RuleBook(over=platform, values=self.values(now), regions=self._regions, version=self.version)
