"""Stock: what is on hand, what is promised, and why it changed."""

from core.inventory.errors import OutOfStock, ShortLine
from core.inventory.helping import Helpers, lock_with_help, reserve_with_help
from core.inventory.movements import COUNT, GOODS_MOVED, RECEIPT, RECONCILED, TAKEN_BACK
from core.inventory.moving import arrive, come_back, depart, hand_out, let_be, put_aside
from core.inventory.permissions import ADJUST, READ
from core.inventory.posting import MOST, fitting, hold, shift
from core.inventory.queries import Offer, at_location, available, everywhere, offered, up_to
from core.inventory.relocating import kept, relocate
from core.inventory.reserving import (
    Demand,
    Place,
    add_reservations,
    claim,
    consume,
    given_back,
    lock_at_once,
    release,
    release_at,
    release_part,
    reopen,
    reserve,
    write_reservations,
)
from core.inventory.rows import StockRow, whole
from core.inventory.rules import InventoryRules
from core.inventory.sellable import RULES_OF, SELLABLE, rules_in_sql, sellable, stock_at
from core.inventory.selling import SoldShort, sell
from core.inventory.service import Correction, correct, return_to_shelf
from core.inventory.splitting import Split, reserve_split

__all__ = [
    "ADJUST",
    "COUNT",
    "GOODS_MOVED",
    "MOST",
    "READ",
    "RECEIPT",
    "RECONCILED",
    "RULES_OF",
    "SELLABLE",
    "TAKEN_BACK",
    "Correction",
    "Demand",
    "Helpers",
    "InventoryRules",
    "Offer",
    "OutOfStock",
    "Place",
    "ShortLine",
    "SoldShort",
    "Split",
    "StockRow",
    "add_reservations",
    "arrive",
    "at_location",
    "available",
    "claim",
    "come_back",
    "consume",
    "correct",
    "depart",
    "everywhere",
    "fitting",
    "given_back",
    "hand_out",
    "hold",
    "kept",
    "let_be",
    "lock_at_once",
    "lock_with_help",
    "offered",
    "put_aside",
    "release",
    "release_at",
    "release_part",
    "relocate",
    "reopen",
    "reserve",
    "reserve_split",
    "reserve_with_help",
    "return_to_shelf",
    "rules_in_sql",
    "sell",
    "sellable",
    "shift",
    "stock_at",
    "up_to",
    "whole",
    "write_reservations",
]
