"""Carts: what a shopper means to buy, at one store."""

from core.carts.changing import MOST_OF_A_LINE, Cut, add_lines, changeable, create, set_quantity, touch
from core.carts.claiming import claim
from core.carts.codes import apply_code, remove_code
from core.carts.errors import CartOrdered, OutOfDeliveryArea, StoreClosed
from core.carts.fulfilling import Wish, set_fulfilment
from core.carts.problems import problems, serves_now
from core.carts.queries import by_ids, hold, latest_of, lock, open_to
from core.carts.rows import CartCodeRow, CartLineRow, CartRow
from core.carts.rules import CartRules

__all__ = [
    "MOST_OF_A_LINE",
    "CartCodeRow",
    "CartLineRow",
    "CartOrdered",
    "CartRow",
    "CartRules",
    "Cut",
    "OutOfDeliveryArea",
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
    "open_to",
    "problems",
    "remove_code",
    "serves_now",
    "set_fulfilment",
    "set_quantity",
    "touch",
]
