"""Counting what lies at a place, and bringing the books in line with it."""

from core.supply.counting.closing import close
from core.supply.counting.queries import by_ids, count, lines_count, lines_of, page, summaries
from core.supply.counting.recording import Counted, Recorded, record
from core.supply.counting.rows import CountLineRow, StockCountRow, Summary
from core.supply.counting.starting import Scope, start

__all__ = [
    "CountLineRow",
    "Counted",
    "Recorded",
    "Scope",
    "StockCountRow",
    "Summary",
    "by_ids",
    "close",
    "count",
    "lines_count",
    "lines_of",
    "page",
    "record",
    "start",
    "summaries",
]
