"""Points: what members earn by buying, and what becomes of it."""

from core.points.adjusting import adjust
from core.points.earning import earn
from core.points.permissions import ADJUST, READ
from core.points.queries import count, earned_by, readable, statement
from core.points.rules import PointsRules
from core.points.spending import wish

__all__ = [
    "ADJUST",
    "READ",
    "PointsRules",
    "adjust",
    "count",
    "earn",
    "earned_by",
    "readable",
    "statement",
    "wish",
]
