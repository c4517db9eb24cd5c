"""How much of what a place holds may be promised to online orders. A till sells what lies before it."""

from uuid import UUID

from core.inventory.rows import StockRow
from core.inventory.rules import InventoryRules
from core.work import Work


def sellable(work: Work, location_id: UUID, on_hand: int, reserved: int) -> int:
    """What online orders may still take at a place: their share of it, less what stays and what is promised."""
    rules = work.rules(InventoryRules, location_id)
    return max(on_hand * rules.sellable_percent // 100 - rules.safety_stock - reserved, 0)


def stock_at(work: Work, location_id: UUID, on_hand: int, reserved: int) -> StockRow:
    """The stock of a variant at a place."""
    return StockRow(on_hand, reserved, location_id, sellable(work, location_id, on_hand, reserved))
