"""How a store carries out an order."""

from core.fulfilment.actions import allowed_actions
from core.fulfilment.advancing import Advance, advance, end, meant, repeated
from core.fulfilment.confirming import TROUBLE
from core.fulfilment.events import AcceptanceLapsed, PackageEnded, PackageReady
from core.fulfilment.handing_on import hand_on, lapse, reject
from core.fulfilment.leaving import CODES, items_to_check
from core.fulfilment.packages import active, carried, end_empty, gone, has_left
from core.fulfilment.queries import lines_of, of_orders, visible
from core.fulfilment.rows import FulfilmentLineRow, FulfilmentRow
from core.fulfilment.rules import ScanAndGoRules
from core.fulfilment.service import begin

__all__ = [
    "CODES",
    "TROUBLE",
    "AcceptanceLapsed",
    "Advance",
    "FulfilmentLineRow",
    "FulfilmentRow",
    "PackageEnded",
    "PackageReady",
    "ScanAndGoRules",
    "active",
    "advance",
    "allowed_actions",
    "begin",
    "carried",
    "end",
    "end_empty",
    "gone",
    "hand_on",
    "has_left",
    "items_to_check",
    "lapse",
    "lines_of",
    "meant",
    "of_orders",
    "reject",
    "repeated",
    "visible",
]
