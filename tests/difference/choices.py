"""Decisions for a generator, all of them out of one string of bytes."""

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Choices:
    """Reads a byte for each decision: to ask Hypothesis for every one would cost as much as all the rest of a test.

    A smaller byte is the simpler decision, and after the last one all are the simplest: what fails still shrinks.
    """

    def __init__(self, given: bytes) -> None:
        self._bytes = iter(given)

    def below(self, limit: int) -> int:
        """A number from 0 to limit - 1."""
        return next(self._bytes, 0) * limit // 256

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items; the first is the simplest."""
        return items[self.below(len(items))]

    def chance(self, percent: float) -> bool:
        """Yes, so often."""
        return next(self._bytes, 0) >= 256 - 256 * percent / 100
