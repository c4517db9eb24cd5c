"""Tills: what they have sold, told one by one or by the hundred, at once or hours later."""

from core.tills.errors import TillReferenceReused
from core.tills.exchange import told_since
from core.tills.queries import by_ids, count, of_references, page
from core.tills.recording import MOST_SALES, Outcome, record_sale, record_sales
from core.tills.rows import ConflictRow
from core.tills.settling import settle
from core.tills.told import Told, ToldLine

__all__ = [
    "MOST_SALES",
    "ConflictRow",
    "Outcome",
    "TillReferenceReused",
    "Told",
    "ToldLine",
    "by_ids",
    "count",
    "of_references",
    "page",
    "record_sale",
    "record_sales",
    "settle",
    "told_since",
]
