"""Stock: what is on hand, what is promised, and why it changed."""

from core.inventory.errors import OutOfStock, ShortLine
from core.inventory.movements import COUNT, GOODS_MOVED, RECEIPT, RECONCILED
from core.inventory.permissions import ADJUST, READ
from core.inventory.posting import MOST, fitting, hold, shift
from core.inventory.queries import at_location, available, everywhere
from core.inventory.reserving import (
    Demand,
    claim,
    consume,
    given_back,
    lock_at_once,
    release,
    release_part,
    reopen,
    reserve,
    write_reservations,
)
from core.inventory.rows import StockRow
from core.inventory.rules import InventoryRules
from core.inventory.sellable import sellable, stock_at
from core.inventory.service import Correction, correct, return_to_shelf, sell

__all__ = [
    "ADJUST",
    "COUNT",
    "GOODS_MOVED",
    "MOST",
    "READ",
    "RECEIPT",
    "RECONCILED",
    "Correction",
    "Demand",
    "InventoryRules",
    "OutOfStock",
    "ShortLine",
    "StockRow",
    "at_location",
    "available",
    "claim",
    "consume",
    "correct",
    "everywhere",
    "fitting",
    "given_back",
    "hold",
    "lock_at_once",
    "release",
    "release_part",
    "reopen",
    "reserve",
    "return_to_shelf",
    "sell",
    "sellable",
    "shift",
    "stock_at",
    "write_reservations",
]
