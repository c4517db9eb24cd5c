"""Counts as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class StockCountRow:
    id: UUID
    location_id: UUID
    status: str
    note: str | None
    started_at: datetime
    closed_at: datetime | None
    closed_by: str | None  #: a label of an actor


@dataclass(slots=True)
class CountLineRow:
    stock_count_id: UUID
    variant_id: UUID
    expected: int
    counted: int | None
    seen: int | None  #: on hand by the books when it was counted
    counted_at: datetime | None
    posted: int | None
    unposted: int | None
    outcome: str | None

    @property
    def difference(self) -> int | None:
        """By how much the shelf differs from the books."""
        return None if self.counted is None or self.seen is None else self.counted - self.seen


@dataclass(frozen=True, slots=True)
class Summary:
    lines: int
    counted: int
    agreeing: int  #: of those that were counted

    @property
    def accuracy_percent(self) -> float | None:
        """Of what was counted, how much was as the books had it."""
        return round(100 * self.agreeing / self.counted, 2) if self.counted else None
