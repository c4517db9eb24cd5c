"""How much of what a place holds may be promised to online orders. A till sells what lies before it."""

from uuid import UUID

from core.inventory.rows import StockRow
from core.inventory.rules import InventoryRules
from core.work import Work

#: the same of a row `s` of stock in SQL, joined by RULES_OF; rules_in_sql() gives $3 to $7
SELLABLE = "greatest(s.on_hand * coalesce(own.percent, $3) / 100 - coalesce(own.stays, $4) - s.reserved, 0)"
RULES_OF = """LEFT JOIN unnest($5::uuid[], $6::bigint[], $7::bigint[]) AS own(location_id, percent, stays)
  ON own.location_id = s.location_id"""


def rules_in_sql(work: Work) -> tuple[int, int, list[UUID], list[int], list[int]]:
    """The brand's rules, then those of places that have others."""
    brands, places = work.rules(InventoryRules), sorted(work.rules.particular)
    own = [work.rules(InventoryRules, place) for place in places]
    percents, stays = [one.sellable_percent for one in own], [one.safety_stock for one in own]
    return brands.sellable_percent, brands.safety_stock, places, percents, stays


def sellable(work: Work, location_id: UUID, on_hand: int, reserved: int) -> int:
    """What online orders may still take at a place: their share of it, less what stays and what is promised."""
    rules = work.rules(InventoryRules, location_id)
    return max(on_hand * rules.sellable_percent // 100 - rules.safety_stock - reserved, 0)


def stock_at(work: Work, location_id: UUID, on_hand: int, reserved: int) -> StockRow:
    """The stock of a variant at a place."""
    return StockRow(on_hand, reserved, location_id, sellable(work, location_id, on_hand, reserved))
