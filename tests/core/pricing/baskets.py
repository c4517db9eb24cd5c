"""Baskets for tests of prices."""

from collections.abc import Sequence

from core.ids import new_id
from core.pricing import Basket, BasketLine


def basket(totals: Sequence[int], *, fulfilment: str = "PICKUP", quantity: int = 1) -> Basket:
    """A basket with a line for each total, each a number of pieces at a price that divides it."""
    lines = tuple(
        BasketLine(new_id(), new_id(), new_id(), None, quantity, total // quantity, 1, total) for total in totals
    )
    return Basket(new_id(), new_id(), None, fulfilment, "CNY", lines)
