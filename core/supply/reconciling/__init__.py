"""Holding stock against what another system says: a till's, an ERP's."""

from core.supply.reconciling.queries import by_ids, count, differences_of, page, totals
from core.supply.reconciling.rows import DifferenceRow, ReconciliationRow, Total
from core.supply.reconciling.service import MOST_LINES, Snapshot, SnapshotLine, reconcile

__all__ = [
    "MOST_LINES",
    "DifferenceRow",
    "ReconciliationRow",
    "Snapshot",
    "SnapshotLine",
    "Total",
    "by_ids",
    "count",
    "differences_of",
    "page",
    "reconcile",
    "totals",
]
