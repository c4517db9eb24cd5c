"""Conditions: mistakes are found when they are saved, and never end a checkout."""

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from core.rules import BASKET, Facts, holds, rules_of
from core.rules.conditions import LONGEST, compiled
from tests.core.rules.declared import TeaRules

FREE = rules_of(TeaRules)["free_when"]
BASKET_OF_TEN: Facts = {
    "fulfilment": "DELIVERY",
    "items": 1_000,
    "lines": 10,
    "member": True,
    "weekday": 6,
    "hour": 9,
}


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("itms > 1", "line 1, column 1: undeclared reference to 'itms'"),
        ("items > 1 && membr", "line 1, column 14: undeclared reference to 'membr'"),
        ("items > '1'", "line 1, column 7: found no matching overload for '_>_' applied to '(int, string)'"),
        ("member &&\n  hour == weekdy", "line 2, column 11: undeclared reference to 'weekdy'"),
        ("items >", "line 1, column 8: Syntax error: mismatched input '<EOF>'"),
        ("items", "line 1, column 1: this is INT, and not true or false"),
        ("items.size() > 1", "line 1, column 11: found no matching overload for 'size' applied to '(int)'"),
    ],
)
def test_a_mistake_is_shown_with_its_line_and_column(text: str, mistake: str) -> None:
    with pytest.raises(ValidationError) as refused:
        FREE.parse(text)
    assert refused.value.errors()[0]["msg"] == mistake


def test_a_condition_of_more_characters_than_are_allowed_is_not_looked_at() -> None:
    with pytest.raises(ValidationError, match=f"at most {LONGEST} characters"):
        FREE.parse("true || " * LONGEST)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("items >= 1000 && member", True),
        ("items > 1000", False),
        ("weekday in [6, 7] && hour < 12", True),
        ("fulfilment == 'PICKUP' || lines == 10", True),
        ("", False),
        ("true", True),
    ],
)
def test_a_condition_holds_or_does_not(text: str, held: bool) -> None:
    assert FREE.parse(text) == text
    assert holds(BASKET, text, BASKET_OF_TEN) is held


@pytest.mark.parametrize(
    ("text", "facts", "reason"),
    [
        ("100 / (lines - 10) > 1", BASKET_OF_TEN, "divide by zero"),
        ("items * 9223372036854775807 > 1", BASKET_OF_TEN, "overflow"),
        ("[1, 2][lines] == 1", BASKET_OF_TEN, "Index error"),
        ("items > 1", {}, 'No value with name "items"'),
        ("items > 1", {"items": 2**80}, "too big"),
        ("items > 1", {"items": "many"}, "Unexpected value type"),
        ("gone > 1", BASKET_OF_TEN, "undeclared reference"),
    ],
)
def test_a_condition_that_cannot_be_told_does_not_hold_and_says_why_in_the_log(
    text: str, facts: Facts, reason: str
) -> None:
    with capture_logs() as logged:
        assert holds(BASKET, text, facts) is False
    (line,) = logged
    assert reason in line["reason"]
    assert (line["subject"], line["condition"]) == ("basket", text)


def test_a_condition_without_end_is_given_up() -> None:
    """Google's interpreter counts the steps of comprehensions; nobody makes a checkout wait by a rule."""
    ones = "[1,1,1,1,1,1,1,1,1,1,1,1]"
    text = f"{ones}.all(a, {ones}.all(b, {ones}.all(c, {ones}.all(d, {ones}.all(e, items > a)))))"
    assert len(text) < LONGEST
    with capture_logs() as logged:
        assert holds(BASKET, text, BASKET_OF_TEN) is False
    assert "budget" in logged[0]["reason"]


def test_a_condition_is_compiled_once() -> None:
    assert compiled(BASKET, "items > 123") is compiled(BASKET, "items > 123")
