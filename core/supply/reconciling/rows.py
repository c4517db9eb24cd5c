"""Reconciliations as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.supply.reconciling.explaining import AGREES, Reason


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


@dataclass(slots=True)
class Total:
    """How many lines differ for one reason, and by how much in all."""

    reason: Reason
    lines: int
    settled: int  #: lines of which all was posted
    delta: int
    posted: int
    unposted: int

    @property
    def agrees(self) -> bool:
        """Whether the books are right all the same."""
        return self.reason in AGREES
