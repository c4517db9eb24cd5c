"""Which store for this shopper: near, open, with the goods on its shelf; and why."""

from core.matching.ranking import Candidate, RankReason, StoreMatch
from core.matching.service import FARTHEST, Search, best, near, stocking

__all__ = ["FARTHEST", "Candidate", "RankReason", "Search", "StoreMatch", "best", "near", "stocking"]
