"""Holding stock against what another system says: a till's, an ERP's."""

from core.supply.reconciling.queries import by_ids, count, differences_of, page
from core.supply.reconciling.rows import DifferenceRow, ReconciliationRow
from core.supply.reconciling.service import MOST_LINES, Snapshot, SnapshotLine, reconcile

__all__ = [
    "MOST_LINES",
    "DifferenceRow",
    "ReconciliationRow",
    "Snapshot",
    "SnapshotLine",
    "by_ids",
    "count",
    "differences_of",
    "page",
    "reconcile",
]
