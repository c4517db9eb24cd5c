"""What a process remembers of tenants, until it is told that one of them has changed."""

from collections.abc import Awaitable
from typing import Generic, TypeAlias, TypeVar

Value = TypeVar("Value")
Key: TypeAlias = tuple[str, ...]  #: it begins with the tenant's slug


class Memory(Generic[Value]):
    """The values asked for latest; what was not found is not remembered."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Key, Value] = {}
        self._changes = 0

    def find(self, key: Key) -> Value | None:
        """What is remembered, now the last to be dropped for want of room."""
        known = self._values.pop(key, None)
        if known is not None:
            self._values[key] = known
        return known

    async def fill(self, key: Key, reading: Awaitable[Value]) -> Value:
        """Read a value and remember it."""
        changes = self._changes
        value = await reading
        # What was read while a change was told of may be older than the change: nobody would tell of it again.
        if value is not None and changes == self._changes:
            self._values[key] = value
            if len(self._values) > self._most:
                del self._values[next(iter(self._values))]
        return value

    def forget(self, slug: str) -> None:
        """Drop what is remembered of a tenant."""
        self._changes += 1
        self._values = {key: value for key, value in self._values.items() if key[0] != slug}

    def forget_all(self) -> None:
        """Drop everything."""
        self._changes += 1
        self._values.clear()
