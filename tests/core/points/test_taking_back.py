"""In whichever parts money goes back, the points of all of it are back in the end, and never more."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.ids import new_id
from core.orders import OrderLineRow, OrderRow
from core.payments import sharing
from core.points.taking_back import due_back


def order(payable: int, delivery: int) -> OrderRow:
    """A paid one."""
    return OrderRow(
        id=new_id(),
        number="n",
        store_id=new_id(),
        member_id=new_id(),
        kind="DELIVERY",
        status="COMPLETED",
        payment_status="CAPTURED",
        sealed_contact=None,
        sealed_address=None,
        slot_start=None,
        note=None,
        currency="CNY",
        items=payable - delivery,
        discounts=0,
        fees=0,
        delivery=delivery,
        points=0,
        payable=payable,
        refunded=0,
        reserved_until=None,
        placed_at=clock.now(),
        cart_id=None,
        held=False,
    )


def line(quantity: int, paid: int) -> OrderLineRow:
    return OrderLineRow(new_id(), new_id(), new_id(), quantity, 0, paid, paid, 0, 0, "CNY", new_id())


LINES = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5_000), st.integers(0, 60)), min_size=1, max_size=4)


@given(lines=LINES, delivery=st.integers(0, 900), data=st.data())
def test_points_of_all_lines_are_back_once_all_lines_are(
    lines: list[tuple[int, int, int]], delivery: int, data: st.DataObject
) -> None:
    left = [line(quantity, paid) for quantity, paid, _ in lines]
    points = {one.id: share if one.paid else 0 for one, (_, _, share) in zip(left, lines, strict=True)}
    found, before = order(sum(one.paid for one in left) + delivery, delivery), 0
    while any(one.refunded_quantity < one.quantity for one in left):
        at = data.draw(st.sampled_from([n for n, one in enumerate(left) if one.refunded_quantity < one.quantity]))
        one = left[at]
        part = sharing.part(one, data.draw(st.integers(1, one.quantity - one.refunded_quantity)))
        gone, amount = one.refunded_quantity + part.quantity, one.refunded_amount + part.amount
        left[at] = replace(one, refunded_quantity=gone, refunded_amount=amount)
        found = replace(found, refunded=found.refunded + part.amount)
        back = due_back(found, left, points)
        assert before <= back <= sum(points.values())
        before = back
    assert before == sum(points.values())


@given(lines=LINES, delivery=st.integers(0, 900), data=st.data())
def test_points_of_an_amount_that_is_of_no_line_go_back_in_proportion(
    lines: list[tuple[int, int, int]], delivery: int, data: st.DataObject
) -> None:
    some = [line(quantity, paid) for quantity, paid, _ in lines]
    points = {one.id: share if one.paid else 0 for one, (_, _, share) in zip(some, lines, strict=True)}
    whole, all_ = sum(one.paid for one in some), sum(points.values())
    found = order(whole + delivery, delivery)
    amount = data.draw(st.integers(0, whole))
    back = due_back(replace(found, refunded=delivery + amount), some, points)
    assert back == (all_ - all_ * (whole - amount) // whole if whole and amount else 0)
    assert due_back(replace(found, refunded=found.payable), some, points) == (all_ if whole else 0)
