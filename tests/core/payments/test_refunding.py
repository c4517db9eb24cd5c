"""Refunds of parts: whatever goes back in whichever steps, it is what was paid, to the last minor unit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.ids import new_id
from core.money import split
from core.orders import OrderLineRow
from core.payments import sharing

totals = st.lists(st.tuples(st.integers(1, 1_000), st.integers(0, 10**7)), min_size=1, max_size=6)


def line(quantity: int, total: int, paid: int) -> OrderLineRow:
    return OrderLineRow(new_id(), new_id(), new_id(), quantity, 0, total, paid, 0, 0, "CNY", new_id())


def refunded(row: OrderLineRow, quantity: int) -> OrderLineRow:
    """The line after that much of it went back."""
    part = sharing.part(row, quantity)
    assert part.amount >= 0
    return replace(
        row,
        refunded_quantity=row.refunded_quantity + part.quantity,
        refunded_amount=row.refunded_amount + part.amount,
    )


@given(sold=totals, discount=st.floats(0, 1), data=st.data())
def test_refunds_of_parts_add_up_to_what_was_paid(
    sold: list[tuple[int, int]], discount: float, data: st.DataObject
) -> None:
    goods = sum(total for _, total in sold)
    paid = goods - int(goods * discount)
    shares = split(paid, [total for _, total in sold])
    lines = [line(quantity, total, share) for (quantity, total), share in zip(sold, shares, strict=True)]
    while open_lines := [n for n, row in enumerate(lines) if row.refunded_quantity < row.quantity]:
        chosen = data.draw(st.sampled_from(open_lines))
        rest = lines[chosen].quantity - lines[chosen].refunded_quantity
        lines[chosen] = refunded(lines[chosen], data.draw(st.integers((rest + 1) // 2, rest)))
        assert lines[chosen].refunded_amount <= lines[chosen].paid
    assert sum(row.refunded_amount for row in lines) == paid


def test_the_last_part_takes_what_rounding_left() -> None:
    row, amounts = line(3, 100, 100), []
    for _ in range(3):
        before, row = row.refunded_amount, refunded(row, 1)
        amounts.append(row.refunded_amount - before)
    assert amounts == [33, 33, 34]


@pytest.mark.parametrize("quantity", [-1, 0, 3, 10**9])
def test_no_more_goes_back_than_was_sold(quantity: int) -> None:
    with pytest.raises(Invalid, match="Between 1 and 2 of this can go back") as refusal:
        sharing.part(line(2, 100, 100), quantity)
    assert refusal.value.path == ("input", "lines", "quantity")
