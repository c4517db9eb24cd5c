"""What goes back of an order that was paid in parts: to the cent, whatever the steps and the rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from core.payments import PaymentRow
from core.payments.keeping import Kept, by_share, in_turn

Share = Callable[[Sequence[Kept], int], Iterable[Kept]]
RULES: dict[str, Share] = {
    "by share": by_share,
    "providers first": partial(in_turn, rank=lambda kept: kept.payment.provider == "books"),
    "books first": partial(in_turn, rank=lambda kept: kept.payment.provider != "books"),
}
amounts = st.lists(st.integers(1, 10**7), min_size=1, max_size=5)


def payments_of(minors: Sequence[int]) -> list[PaymentRow]:
    names = ("bank", "books")
    return [
        PaymentRow(new_id(), new_id(), names[place % 2], minor, "CNY", "CAPTURED", None, None, None)
        for place, minor in enumerate(minors)
    ]


@pytest.mark.parametrize("rule", RULES)
@given(minors=amounts, data=st.data())
def test_in_whichever_steps_it_goes_back_all_of_each_payment_does(
    rule: str, minors: list[int], data: st.DataObject
) -> None:
    paid, back = payments_of(minors), Counter[UUID]()
    while left := sum(minors) - back.total():
        kept = [Kept(one, one.minor - back[one.id]) for one in paid if one.minor > back[one.id]]
        amount = data.draw(st.integers((left + 7) // 8, left))
        shares = list(RULES[rule](kept, amount))
        assert sum(one.minor for one in shares) == amount
        assert all(one.minor > 0 for one in shares)
        back.update({one.payment.id: one.minor for one in shares})
        assert all(back[one.id] <= one.minor for one in paid)
    assert [back[one.id] for one in paid] == minors


def test_a_share_is_as_large_as_what_is_left_of_its_payment() -> None:
    first, second = payments_of([3_000, 1_000])
    shares = by_share([Kept(first, 3_000), Kept(second, 1_000)], 100)
    assert [one.minor for one in shares] == [75, 25]


def test_the_last_payment_goes_back_before_the_first_of_its_kind() -> None:
    first, books, last = payments_of([300, 200, 100])
    kept = [Kept(one, one.minor) for one in (first, books, last)]
    assert [one.payment for one in RULES["providers first"](kept, 450)] == [last, first, books]
    assert [one.payment for one in RULES["books first"](kept, 250)] == [books, last]
