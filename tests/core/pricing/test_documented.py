"""The example of docs/pricing.md comes out as it says."""

import re
from itertools import pairwise

from core.pricing import (
    Adjustment,
    Charge,
    DeliveryOff,
    Effect,
    Percent,
    PriceEach,
    PricingRules,
    Stage,
    price,
)
from tests.architecture.source import ROOT
from tests.core.pricing.baskets import basket

PAGE = (ROOT / "docs" / "pricing.md").read_text(encoding="utf-8")


def told() -> list[list[int]]:
    """Amounts of the example's rows: of all, of the milk, of the bread; minor units."""
    rows = re.findall(r"^\| (?:`[A-Z]+`|) ?\| .+? \| (.+?) \| (.*?) ?\| (.*?) ?\|$", PAGE, re.MULTILINE)
    return [[round(float(cell or 0) * 100) for cell in row] for row in rows]


def off(stage: Stage, source: str, effect: Effect, **more: object) -> Adjustment:
    return Adjustment(stage=stage, source=source, label="x", reason="x", effect=effect, **more)  # type: ignore[arg-type]  # further fields of it


def test_the_example_comes_out_as_it_says() -> None:
    goods, flash, coupon, wrap, paid, fee, way, payable = told()
    assert goods == [4_430, 3_180, 1_250]
    wanted = basket([3_180], quantity=2)
    milk, bread = wanted.lines[0].id, basket([1_250]).lines[0]
    wanted = type(wanted)(wanted.cart_id, wanted.store_id, None, "DELIVERY", "CNY", (*wanted.lines, bread))
    sale = off(Stage.PRICE, "a.b", PriceEach(1_200), lines=frozenset([milk]), excludes=frozenset([Stage.COUPON]))
    offers = [
        sale,
        off(Stage.COUPON, "c", Percent(2_000)),
        off(Stage.FEE, "d", Charge(300)),
        off(Stage.DELIVERY, "e", DeliveryOff(200)),
    ]
    found = price(wanted, [("x", offers)], PricingRules(), delivery=fee[0])
    steps = [[step.amount, step.by_line.get(milk, 0), step.by_line.get(bread.id, 0)] for step in found.steps]
    assert steps == [flash, coupon, wrap, way]
    assert [sum(found.paid.values()), *found.paid.values()] == paid
    assert found.totals.payable.minor == payable[0] == paid[0] + fee[0] + way[0]
    assert all(one.adjustment.stage < other.adjustment.stage for one, other in pairwise(found.steps))
