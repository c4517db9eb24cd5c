"""What lines cost, and what a cart comes to."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from core.pricing import PriceRow, PricingRules, delivery_fee, line_total, price
from tests.core.pricing.baskets import basket

RULES = PricingRules(delivery_fee=600, free_delivery_from=3_900)


def row(minor: int, per: int = 1) -> PriceRow:
    return PriceRow(new_id(), minor, None, per)


@pytest.mark.parametrize(
    ("minor", "per", "quantity", "expected"),
    [
        (1590, 1, 2, 3180),
        (899, 500, 500, 899),
        (899, 500, 250, 450),  # 449.5
        (899, 500, 1, 2),  # 1.798
        (1, 500, 249, 0),  # 0.498
        (1, 500, 250, 1),
        (0, 500, 1000, 0),
    ],
)
def test_weighed_goods_cost_their_share_of_the_price(minor: int, per: int, quantity: int, expected: int) -> None:
    assert line_total(row(minor, per), quantity) == expected


@given(minor=st.integers(0, 10**9), per=st.integers(1, 10_000), quantity=st.integers(1, 100_000))
def test_half_a_minor_unit_is_rounded_up(minor: int, per: int, quantity: int) -> None:
    exact = Decimal(minor * quantity) / per
    assert line_total(row(minor, per), quantity) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("lines", "delivered", "items", "fee"),
    [
        ([3_899], True, 3_899, 600),
        ([3_900], True, 3_900, 0),
        ([1_950, 1_950], True, 3_900, 0),
        ([1], True, 1, 600),
        ([3_899], False, 3_899, 0),
        ([], True, 0, 0),
        ([0], True, 0, 600),
    ],
)
def test_a_delivery_costs_its_fee_unless_the_goods_are_worth_a_free_one(
    lines: list[int], delivered: bool, items: int, fee: int
) -> None:
    wanted = basket(lines, fulfilment="DELIVERY" if delivered else "PICKUP")
    totals = price(wanted, [], RULES, delivery=delivery_fee(RULES, wanted, time_zone="UTC")).totals
    assert (totals.items.minor, totals.delivery.minor, totals.payable.minor) == (items, fee, items + fee)
    assert (totals.discounts.minor, totals.fees.minor, totals.points.minor) == (0, 0, 0)
    assert totals.payable.currency == "CNY"
