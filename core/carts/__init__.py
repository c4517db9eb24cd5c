"""Carts: what a shopper means to buy, at one store."""

from core.carts.changing import MOST_OF_A_LINE, Cut, add_lines, changeable, create, set_quantity
from core.carts.claiming import claim
from core.carts.codes import apply_code, remove_code
from core.carts.errors import CartOrdered, OtherStore, OutOfDeliveryArea, StoreClosed
from core.carts.fulfilling import Wish, set_fulfilment
from core.carts.parts import short_lines
from core.carts.problems import problems, serves_now
from core.carts.queries import by_ids, hold, latest_of, lock, open_to
from core.carts.rows import SCAN_AND_GO, CartCodeRow, CartLineRow, CartRow, Part
from core.carts.rules import CartRules
from core.carts.scanning import Scan, Scanned, scan
from core.carts.writing import mark, touch

__all__ = [
    "MOST_OF_A_LINE",
    "SCAN_AND_GO",
    "CartCodeRow",
    "CartLineRow",
    "CartOrdered",
    "CartRow",
    "CartRules",
    "Cut",
    "OtherStore",
    "OutOfDeliveryArea",
    "Part",
    "Scan",
    "Scanned",
    "StoreClosed",
    "Wish",
    "add_lines",
    "apply_code",
    "by_ids",
    "changeable",
    "claim",
    "create",
    "hold",
    "latest_of",
    "lock",
    "mark",
    "open_to",
    "problems",
    "remove_code",
    "scan",
    "serves_now",
    "set_fulfilment",
    "set_quantity",
    "short_lines",
    "touch",
]
