"""How a store carries out an order."""

from core.fulfilment.actions import allowed_actions
from core.fulfilment.advancing import Advance, advance, cancel_all, complete, parts
from core.fulfilment.leaving import CODES, items_to_check
from core.fulfilment.queries import lines_of, of_orders, visible
from core.fulfilment.rows import FulfilmentLineRow, FulfilmentRow
from core.fulfilment.rules import ScanAndGoRules
from core.fulfilment.service import begin

__all__ = [
    "CODES",
    "Advance",
    "FulfilmentLineRow",
    "FulfilmentRow",
    "ScanAndGoRules",
    "advance",
    "allowed_actions",
    "begin",
    "cancel_all",
    "complete",
    "items_to_check",
    "lines_of",
    "of_orders",
    "parts",
    "visible",
]
