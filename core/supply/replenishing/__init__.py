"""Low stock: what runs out where, who is told of it once, and which place could send some."""

from core.supply.replenishing.proposing import Proposal, Wanting, propose
from core.supply.replenishing.queries import LowStockRow, count, page

__all__ = ["LowStockRow", "Proposal", "Wanting", "count", "page", "propose"]
