"""Amounts, and sharing them without losing any."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money, of_units, split

amounts = st.integers(0, 10**12)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [(1590, "CNY", "15.90"), (5, "CNY", "0.05"), (1590, "JPY", "1590"), (1590, "KWD", "1.590"), (0, "EUR", "0.00")],
)
def test_an_amount_has_the_decimals_of_its_currency(minor: int, currency: str, amount: str) -> None:
    assert str(Money(minor, currency).amount) == amount


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [1, 2], [33, 67]),
        (10, [0, 0], [5, 5]),
        (1, [0, 0, 0], [1, 0, 0]),
        (7, [0, 5], [0, 7]),
        (0, [3, 4], [0, 0]),
    ],
)
def test_an_amount_is_shared_by_weight(amount: int, shares: list[int], parts: list[int]) -> None:
    assert split(amount, shares) == parts


@given(amount=amounts, shares=weights)
def test_parts_add_up_again(amount: int, shares: list[int]) -> None:
    assert sum(split(amount, shares)) == amount


@given(amount=amounts, shares=weights.filter(any))
def test_no_part_is_off_its_share_by_a_whole_minor_unit(amount: int, shares: list[int]) -> None:
    for part, weight in zip(split(amount, shares), shares, strict=True):
        assert abs(part - Decimal(amount) * weight / sum(shares)) < 1


@given(amount=amounts, shares=weights)
def test_who_weighs_more_gets_no_less(amount: int, shares: list[int]) -> None:
    parts = [part for _, part in sorted(zip(shares, split(amount, shares), strict=True))]
    by_weight = dict(zip(sorted(shares), parts, strict=True))
    assert list(by_weight.values()) == sorted(by_weight.values())


@pytest.mark.parametrize(
    ("amount", "minor"), [(31.8, 3180), ("0.1", 10), (2, 200), (0.285, 29), (1.005, 101), ("12.344", 1234)]
)
def test_what_others_write_in_whole_units_is_taken_as_it_is_written(amount: float | str, minor: int) -> None:
    assert of_units(amount, "CNY") == Money(minor, "CNY")
    assert of_units(500, "JPY") == Money(500, "JPY")
