"""What the labels of scales say, whatever they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog import CatalogRules, ScaleLabel, check_digit, scale_label
from core.pricing import cost, quantity_for

RULES = CatalogRules()
WEIGHT, PRICE = RULES.weight_prefixes.split(), RULES.price_prefixes.split()
goods, amounts = st.integers(0, 99_999), st.integers(0, 99_999)
unit_prices, per = st.integers(1, 100_000), st.sampled_from([1, 100, 500, 1_000])


def _printed(prefix: str, item: int, amount: int) -> str:
    said = f"{prefix}{item:05d}{amount:05d}"
    return said + check_digit(said)


@given(st.sampled_from(WEIGHT + PRICE), goods, amounts)
def test_a_label_says_what_a_scale_has_printed(prefix: str, item: int, amount: int) -> None:
    label = scale_label(_printed(prefix, item, amount), RULES)
    assert label is not None
    assert (label.amount, label.priced, label.barcode) == (amount, prefix in PRICE, _printed(prefix, item, 0))


@given(st.sampled_from(WEIGHT + PRICE), goods, amounts, st.integers(0, 12), st.integers(1, 9))
def test_a_label_of_which_one_digit_was_misread_is_none(
    prefix: str, item: int, amount: int, place: int, off: int
) -> None:
    printed = _printed(prefix, item, amount)
    misread = f"{printed[:place]}{(int(printed[place]) + off) % 10}{printed[place + 1 :]}"
    assert scale_label(misread, RULES) is None


@given(st.text())
def test_whatever_else_was_read_is_no_label(text: str) -> None:
    digits = text.isascii() and text.isdigit()
    if len(text) != 13 or not digits or text[:2] not in WEIGHT + PRICE:
        assert scale_label(text, RULES) is None


@pytest.mark.parametrize("text", ["2100034007421 ", "\u0662" * 13, "21000340074२1", "-100034007421", "6900000000010"])
def test_digits_of_other_scripts_and_other_prefixes_are_no_labels(text: str) -> None:
    assert scale_label(text, RULES) is None


def test_prefixes_are_the_brands_to_choose() -> None:
    label = _printed("21", 34, 742)
    assert scale_label(label, CatalogRules(weight_prefixes="20 22")) is None
    priced = scale_label(label, CatalogRules(weight_prefixes="", price_prefixes="21"))
    assert priced == ScaleLabel(_printed("21", 34, 0), 742, priced=True)


@given(st.integers(1, 99_999), unit_prices, per)
def test_a_priced_label_costs_what_it_says_if_a_scale_has_worked_it_out(grams: int, unit: int, each: int) -> None:
    printed = cost(unit, each, grams)
    assert cost(unit, each, quantity_for(printed, unit, each)) == printed


@given(amounts, unit_prices, per)
def test_nobody_pays_more_than_a_label_says(printed: int, unit: int, each: int) -> None:
    """Whatever the goods cost by now: a gram more would cost more than the label says."""
    grams = quantity_for(printed, unit, each)
    assert grams >= 0
    assert cost(unit, each, grams) <= printed
    assert cost(unit, each, grams + 1) >= printed


def test_what_is_free_has_no_weight_that_a_price_could_tell() -> None:
    assert quantity_for(500, 0, 500) == 0
