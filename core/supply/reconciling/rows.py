"""Reconciliations as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class ReconciliationRow:
    id: UUID
    location_id: UUID
    taken_at: datetime
    made_at: datetime
    applied: bool
    line_count: int
    agreeing: int

    @property
    def accuracy_percent(self) -> float:
        """How many of the lines agree."""
        return round(100 * self.agreeing / self.line_count, 2)


@dataclass(slots=True)
class DifferenceRow:
    reconciliation_id: UUID
    position: int
    code: str
    variant_id: UUID | None
    ours: int
    theirs: int
    delta: int
    reason: str
    posted: int
    unposted: int
