"""A bounded memory that a crowd of strangers does not wash out."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values with weights, the least recently used given up first.

    A segmented LRU (Karedla, Love, Wherry 1994): what is seen for the first time is on probation, and only a second
    look moves it to the protected part. Ten thousand things seen once push out each other, and nothing that is in use.
    """

    def __init__(self, capacity: int, *, protected: float = 0.8) -> None:
        self._probation = _Segment[Key, Value](capacity - int(capacity * protected))
        self._protected = _Segment[Key, Value](int(capacity * protected))

    def get(self, key: Key) -> Value | None:
        """The value, which counts as used."""
        found = self._protected.use(key)
        if found is None and (promoted := self._probation.take(key)) is not None:
            self._move(self._protected.put(key, *promoted))
            return promoted[0]
        return found

    def put(self, key: Key, value: Value, weight: int) -> None:
        """Remember a value that was not there."""
        self._probation.put(key, value, weight)

    def __len__(self) -> int:
        return len(self._probation) + len(self._protected)

    @property
    def weight(self) -> int:
        """Of all that is kept."""
        return self._probation.weight + self._protected.weight

    def _move(self, demoted: list[tuple[Key, Value, int]]) -> None:
        """What has no room among the protected has a last chance on probation."""
        for key, value, weight in demoted:
            self._probation.put(key, value, weight)


class _Segment(Generic[Key, Value]):
    """One LRU list, bounded by weight; the newest entry stays whatever it weighs."""

    def __init__(self, capacity: int) -> None:
        self.weight = 0
        self._capacity = capacity
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()

    def use(self, key: Key) -> Value | None:
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found[0]

    def take(self, key: Key) -> tuple[Value, int] | None:
        found = self._entries.pop(key, None)
        if found is not None:
            self.weight -= found[1]
        return found

    def put(self, key: Key, value: Value, weight: int) -> list[tuple[Key, Value, int]]:
        """Add an entry; returns those it pushed out."""
        self.take(key)
        self._entries[key] = value, weight
        self.weight += weight
        pushed_out = []
        while self.weight > self._capacity and len(self._entries) > 1:
            oldest, (old_value, old_weight) = self._entries.popitem(last=False)
            self.weight -= old_weight
            pushed_out.append((oldest, old_value, old_weight))
        return pushed_out

    def __len__(self) -> int:
        return len(self._entries)
