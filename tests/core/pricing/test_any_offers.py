"""Whatever plugins offer: nobody pays less than nothing, it adds up, and the order of plugins makes no difference."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.pricing import (
    Adjustment,
    Basket,
    Charge,
    DeliveryOff,
    Effect,
    Offer,
    Percent,
    Priced,
    PriceEach,
    PricingRules,
    Stage,
    TakeOff,
    price,
)
from tests.core.pricing.baskets import basket

MINOR = st.integers(0, 3_000)
EFFECTS: st.SearchStrategy[Effect] = st.one_of(
    st.builds(PriceEach, MINOR),
    st.builds(TakeOff, MINOR),
    st.builds(Percent, st.integers(0, 10_000), st.none() | MINOR),
    st.builds(Charge, MINOR),
    st.builds(DeliveryOff, st.none() | MINOR),
)
FEES: st.SearchStrategy[Effect] = st.one_of(st.builds(Charge, MINOR), st.builds(DeliveryOff, st.none() | MINOR))
PLUGINS = ("a", "b", "c")
RULES = st.builds(PricingRules, most_off_percent=st.sampled_from([100, 70, 33, 0]))
Said = list[tuple[str, list[Offer]]]


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    return basket(draw(st.lists(st.integers(0, 5_000), max_size=6)), fulfilment="DELIVERY")


@st.composite
def adjustments(draw: st.DrawFn, wanted: Basket, stages: list[Stage], effects: st.SearchStrategy[Effect]) -> Adjustment:
    lines = [line.id for line in wanted.lines]
    source = draw(st.sampled_from(PLUGINS)) + draw(st.sampled_from(["", ".one", ".two"]))
    stage = draw(st.sampled_from(stages))
    return Adjustment(
        stage=stage,
        source=source,
        label="x",
        reason="x",
        effect=draw(effects),
        lines=draw(st.none() | st.frozensets(st.sampled_from(lines))) if lines else None,
        alone=draw(st.booleans()),
        excludes=frozenset(one for one in draw(st.frozensets(st.sampled_from(list(Stage)))) if one > stage),
    )


@st.composite
def said(draw: st.DrawFn, wanted: Basket) -> Said:
    found: Said = [(plugin, []) for plugin in PLUGINS]
    for one in draw(st.lists(adjustments(wanted, list(Stage), EFFECTS), max_size=8)):
        dict(found)[one.source[0]].append(one)
    return found


def check(wanted: Basket, found: Priced, delivery: int) -> None:
    totals = found.totals
    assert all(amount >= 0 for amount in found.paid.values())
    assert sum(found.paid.values()) == totals.payable.minor - totals.delivery.minor
    assert totals.items.minor == wanted.items
    assert (
        totals.payable.minor
        == totals.items.minor - totals.discounts.minor + totals.fees.minor + totals.delivery.minor - totals.points.minor
    )
    assert 0 <= totals.delivery.minor <= delivery
    for step in found.steps:
        assert sum(step.by_line.values()) == (0 if step.kind == "DELIVERY" else step.amount)
        assert step.applied == bool(step.amount)
        assert step.applied or step.why_not
    for line in wanted.lines:
        assert line.total + sum(step.by_line.get(line.id, 0) for step in found.steps) == found.paid[line.id]
    assert totals.items.minor + sum(step.amount for step in found.steps) + delivery == totals.payable.minor


@given(data=st.data(), wanted=baskets(), rules=RULES, delivery=st.sampled_from([0, 600]))
def test_nobody_pays_less_than_nothing_and_everything_adds_up(
    data: st.DataObject, wanted: Basket, rules: PricingRules, delivery: int
) -> None:
    offers = data.draw(said(wanted))
    found = price(wanted, offers, rules, delivery=delivery)
    check(wanted, found, delivery)
    assert found.totals.discounts.minor <= wanted.items * rules.most_off_percent // 100
    shuffled = [(plugin, data.draw(st.permutations(some))) for plugin, some in data.draw(st.permutations(offers))]
    assert price(wanted, shuffled, rules, delivery=delivery) == found


@given(data=st.data(), wanted=baskets(), rules=RULES, more=st.integers(1, 500))
def test_a_larger_coupon_never_makes_it_dearer(
    data: st.DataObject, wanted: Basket, rules: PricingRules, more: int
) -> None:
    before = data.draw(said(wanted))
    coupons = data.draw(st.lists(adjustments(wanted, [Stage.COUPON], st.builds(TakeOff, MINOR)), max_size=3))
    fees = data.draw(st.lists(adjustments(wanted, [Stage.FEE, Stage.DELIVERY], FEES), max_size=3))
    stacking = [replace(one, excludes=frozenset(), alone=False) for one in fees]
    kept = [
        (plugin, [one for one in some if isinstance(one, Adjustment) and one.stage < Stage.COUPON])
        for plugin, some in before
    ]
    minor = data.draw(MINOR)

    def payable(off: int) -> int:
        one = Adjustment(stage=Stage.COUPON, source="z", label="x", reason="x", effect=TakeOff(off))
        others = [*(replace(other, excludes=frozenset()) for other in coupons), *stacking]
        found = price(wanted, [*kept, ("x", others), ("z", [one])], rules, delivery=600)
        return found.totals.payable.minor

    assert payable(minor + more) <= payable(minor)
