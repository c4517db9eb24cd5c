"""How a store carries out an order."""

from core.fulfilment.actions import allowed_actions
from core.fulfilment.advancing import Advance, advance, cancel_all, complete, parts
from core.fulfilment.queries import lines_of, of_orders, visible
from core.fulfilment.rows import FulfilmentLineRow, FulfilmentRow
from core.fulfilment.service import PICKUP_CODE, begin, hand_over

__all__ = [
    "PICKUP_CODE",
    "Advance",
    "FulfilmentLineRow",
    "FulfilmentRow",
    "advance",
    "allowed_actions",
    "begin",
    "cancel_all",
    "complete",
    "hand_over",
    "lines_of",
    "of_orders",
    "parts",
    "visible",
]
