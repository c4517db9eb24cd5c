"""Words are filled in by name, and nothing that a value says is looked at again."""

from datetime import UTC, datetime

import pytest

from core.money import Money
from core.notices import NoticeKind, Variable, Words, wording
from core.notices.kind import faults


def test_values_stand_where_the_words_name_them() -> None:
    words = Words("{store}", "{number} is ready at {store}")
    assert wording.filled(words, {"store": "S1", "number": "N-1"}) == ("S1", "N-1 is ready at S1")


@pytest.mark.parametrize("value", ["{number}", "{0.__class__}", "{{x}}", "%(x)s", "\\1", "${x}"])
def test_a_value_is_never_executed(value: str) -> None:
    assert wording.filled(Words("a", "{store}"), {"store": value, "number": "N-1"}).body == value


def test_what_a_letter_does_not_say_is_left_out() -> None:
    assert wording.filled(Words("a", "{store}!"), {}) == ("a", "!")


@pytest.mark.parametrize(
    "text", ["{store.__class__}", "{Store}", "{0}", "{", "a } b", "{ store }", "{store!r}", "{store:>9}"]
)
def test_what_is_no_plain_variable_is_stray(text: str) -> None:
    assert wording.stray(text)
    assert wording.variables(text) == set()


def test_values_are_shown_as_people_where_the_brand_is_read_them() -> None:
    values: dict[str, wording.Value] = {
        "paid": Money(1290, "CNY"),
        "at": datetime(2026, 5, 1, 20, 30, tzinfo=UTC),
        "left": 3,
        "who": "Wang",
    }
    assert wording.shown(values, "Asia/Shanghai") == {
        "paid": "12.90 CNY",
        "at": "2026-05-02 04:30",
        "left": "3",
        "who": "Wang",
    }


def test_a_kind_that_speaks_of_what_it_does_not_declare_would_be_found() -> None:
    token = Variable("token", "A proof.", "x", required=True)
    kind = NoticeKind(code="a.b", description="x", words={"en": Words("{who}", "{")}, variables=(token,))
    assert faults([kind, kind])[:5] == [
        "the notice a.b is registered twice",
        "the notice a.b has no words in zh",
        "the notice a.b speaks of who in en",
        "the notice a.b speaks of { in en",
        "the notice a.b does not say token in en",
    ]
