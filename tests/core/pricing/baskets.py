"""Baskets for tests of prices."""

from collections.abc import Sequence

from core.ids import new_id
from core.pricing import Basket, BasketLine


def basket(
    totals: Sequence[int],
    *,
    fulfilment: str = "PICKUP",
    quantity: int = 1,
    priced_per: int = 1,
    unit_price: int | None = None,
) -> Basket:
    """A basket with a line for each total, at a price that divides it unless another is said."""
    lines = tuple(
        BasketLine(
            new_id(),
            new_id(),
            new_id(),
            None,
            quantity,
            total // quantity if unit_price is None else unit_price,
            priced_per,
            total,
        )
        for total in totals
    )
    return Basket(new_id(), new_id(), None, fulfilment, "CNY", lines)
