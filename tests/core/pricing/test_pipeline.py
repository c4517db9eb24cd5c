"""What plugins offer is applied in stages, bounded, split over lines to the unit, and explained."""

import pytest

from core.pricing import (
    Adjustment,
    Basket,
    Charge,
    Declined,
    DeliveryOff,
    Effect,
    Percent,
    Priced,
    PriceEach,
    PricingRules,
    Stage,
    TakeOff,
    price,
)
from tests.core.pricing.baskets import basket

RULES = PricingRules()


def offer(effect: Effect, stage: Stage = Stage.COUPON, source: str = "one", **more: object) -> Adjustment:
    return Adjustment(stage=stage, source=source, label=source, reason="a test", effect=effect, **more)  # type: ignore[arg-type]  # further fields of it


def priced(wanted: Basket, *offers: Adjustment, rules: PricingRules = RULES, delivery: int = 0) -> Priced:
    return price(wanted, [(one.source.split(".")[0], [one]) for one in offers], rules, delivery=delivery)


def amounts(found: Priced) -> list[int]:
    return [step.amount for step in found.steps]


def paid(found: Priced) -> list[int]:
    return list(found.paid.values())


def why_not(found: Priced) -> list[str | None]:
    return [step.why_not for step in found.steps]


def test_each_stage_sees_what_those_before_it_have_left() -> None:
    found = priced(
        basket([1_000]),
        offer(Percent(1_000), Stage.COUPON, "c"),
        offer(TakeOff(200), Stage.PROMOTION, "b"),
        offer(PriceEach(900), Stage.PRICE, "a"),
    )
    assert ([step.plugin for step in found.steps], amounts(found)) == (["a", "b", "c"], [-100, -200, -70])
    assert (paid(found), found.totals.discounts.minor, found.totals.payable.minor) == ([630], 370, 630)


@pytest.mark.parametrize(("minor", "left"), [(900, 900), (1_000, 1_000), (1_100, 1_000), (0, 0)])
def test_another_price_never_raises_what_goods_cost(minor: int, left: int) -> None:
    assert paid(priced(basket([1_000]), offer(PriceEach(minor)))) == [left]


def test_the_better_of_two_prices_stands_whoever_comes_first() -> None:
    for sources in ("ab", "ba"):
        found = priced(
            basket([2_000], quantity=2),
            offer(PriceEach(900), source=sources[0]),
            offer(PriceEach(800), source=sources[1]),
        )
        assert paid(found) == [1_600]


def test_a_price_is_for_priced_per_of_the_unit_and_rounded_as_every_line_is() -> None:
    weighed = basket([450], quantity=250, priced_per=500, unit_price=899)
    assert paid(priced(weighed, offer(PriceEach(799)))) == [400]  # 399.5


def test_an_amount_takes_off_no_more_than_its_lines_are_worth() -> None:
    wanted = basket([300, 500])
    found = priced(
        wanted, offer(TakeOff(1_000), lines=frozenset([wanted.lines[0].id])), offer(TakeOff(900), source="two")
    )
    assert (amounts(found), paid(found)) == ([-300, -500], [0, 0])


@pytest.mark.parametrize(
    ("points", "at_most", "off"), [(1_500, None, 2), (3_333, None, 5), (10_000, 7, 7), (0, None, 0)]
)
def test_half_a_minor_unit_of_a_share_is_rounded_up(points: int, at_most: int | None, off: int) -> None:
    assert sum(amounts(priced(basket([15]), offer(Percent(points, at_most))))) == -off  # 2.25, 4.9995


def test_an_amount_is_split_by_largest_remainder() -> None:
    found = priced(basket([100, 100, 100]), offer(TakeOff(100)))
    assert list(found.steps[0].by_line.values()) == [-34, -33, -33]


def test_a_fee_is_added_by_worth_and_to_free_lines_equally() -> None:
    assert paid(priced(basket([300, 100]), offer(Charge(100), Stage.FEE))) == [375, 125]
    found = priced(basket([300, 100]), offer(TakeOff(400)), offer(Charge(100), Stage.FEE, "two"))
    assert (paid(found), found.totals.fees.minor, found.totals.payable.minor) == ([50, 50], 100, 100)


@pytest.mark.parametrize(("off", "delivery"), [(None, 0), (200, 400), (900, 0)])
def test_delivery_costs_less_but_never_less_than_nothing(off: int | None, delivery: int) -> None:
    found = priced(basket([100], fulfilment="DELIVERY"), offer(DeliveryOff(off), Stage.DELIVERY), delivery=600)
    assert (found.totals.delivery.minor, amounts(found)) == (delivery, [delivery - 600])
    assert found.totals.payable.minor == 100 + delivery
    collected = priced(basket([100]), offer(DeliveryOff(off), Stage.DELIVERY))
    assert why_not(collected) == ["There is no delivery to pay for."]


def test_what_does_not_stack_stands_alone_where_it_is_worth_more() -> None:
    others = (offer(TakeOff(100), source="a"), offer(TakeOff(150), source="b"))
    for alone, taken in ((300, [-300, 0, 0]), (200, [-100, -150, 0])):
        found = priced(basket([1_000]), *others, offer(TakeOff(alone), source="c", alone=True))
        assert amounts(found) == taken
        assert [step.applied for step in found.steps] == [amount != 0 for amount in taken]


def test_of_several_that_stand_alone_the_best_one_does_and_of_equals_the_smaller_source() -> None:
    offers = [offer(TakeOff(minor), source=source, alone=True) for source, minor in (("b", 9), ("a", 9), ("c", 8))]
    found = priced(basket([100]), *offers)
    assert [(step.plugin, step.amount) for step in found.steps] == [("a", -9), ("b", 0), ("c", 0)]
    assert why_not(found)[1] == "It does not go together with another offer of its stage, which is worth more."


def test_an_offer_can_keep_later_stages_off_its_lines() -> None:
    wanted = basket([1_000, 500])
    flash = frozenset([wanted.lines[0].id])
    sale = offer(PriceEach(600), Stage.PRICE, "flash", lines=flash, excludes=frozenset([Stage.COUPON]))
    found = priced(wanted, sale, offer(TakeOff(900), source="coupon"))
    assert (amounts(found), paid(found)) == ([-400, -500], [600, 0])
    found = priced(wanted, sale, offer(TakeOff(900), source="coupon", lines=flash))
    assert why_not(found)[1] == "Another offer for its goods lets nothing else apply to them."


def test_a_price_that_changes_nothing_keeps_nobody_off() -> None:
    sale = offer(PriceEach(1_000), Stage.PRICE, "flash", excludes=frozenset([Stage.COUPON]))
    found = priced(basket([1_000]), sale, offer(TakeOff(100), source="coupon"))
    assert (amounts(found), why_not(found)[0]) == ([0, -100], "Its goods cost no more than that already.")


def test_all_discounts_together_are_bounded_by_a_rule_and_the_cut_is_explained() -> None:
    rules = PricingRules(most_off_percent=50)
    offers = (offer(TakeOff(300), Stage.PROMOTION, "a"), offer(TakeOff(400), source="b"), offer(TakeOff(1), source="c"))
    found = priced(basket([600, 400]), *offers, rules=rules)
    assert (amounts(found), found.totals.payable.minor) == ([-300, -200, 0], 500)
    cut = "No more than 50 % may come off the goods."
    assert why_not(found) == [None, cut, cut]
    assert [step.applied for step in found.steps] == [True, True, False]


def test_what_is_not_in_the_cart_gets_nothing() -> None:
    elsewhere = basket([100]).lines[0].id
    found = priced(
        basket([100]), offer(TakeOff(10), lines=frozenset([elsewhere])), offer(TakeOff(10), lines=frozenset())
    )
    assert (amounts(found), set(why_not(found))) == ([0, 0], {"None of its goods are in the cart."})
    assert amounts(priced(basket([]), offer(Charge(100), Stage.FEE))) == [0]


def test_why_a_code_gives_nothing_is_kept() -> None:
    found = price(basket([100]), [("one", [Declined("X", "Not today.")])], RULES, delivery=0)
    assert (found.declined, found.steps) == ({"X": "Not today."}, ())


@pytest.mark.parametrize("minor", [-1, 10**12 + 1, True, 1.0, "1", None])
def test_numbers_that_are_none_stop_the_plugin_that_says_them(minor: object) -> None:
    for effect in (PriceEach, TakeOff, Charge):
        with pytest.raises(ValueError, match="is no whole number"):
            effect(minor)  # type: ignore[arg-type]  # that is what is tried
    for wrong in (-1, 10_001, 0.5):
        with pytest.raises(ValueError, match="is no whole number"):
            Percent(wrong)  # type: ignore[arg-type]  # the same
    with pytest.raises(ValueError, match="is no text"):
        offer(TakeOff(1), source="a\x00b")
    with pytest.raises(ValueError, match="is not a valid Stage"):
        offer(TakeOff(1), 35)  # type: ignore[arg-type]  # the same
    with pytest.raises(ValueError, match="come after its own"):
        offer(TakeOff(1), excludes=frozenset([Stage.COUPON]))
