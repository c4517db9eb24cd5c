"""What a declaration says, and what values it takes."""

import pytest
from pydantic import ValidationError

from core.orders import OrderRules
from core.rules import Level, Rules, catalogue, rules_of
from hexmart.plugins import plugin_manager
from hexmart.reference import below
from tests.core.rules.declared import SecretRules, TeaRules

TEA = rules_of(TeaRules)


def test_a_key_is_the_domain_and_the_field() -> None:
    assert TEA["minutes"].key == "tea.minutes"
    assert rules_of(OrderRules)["lock_minutes"].key == "orders.lock_minutes"


def test_a_field_may_be_set_as_near_as_its_class_unless_it_says_less() -> None:
    assert TEA["minutes"].settable == Level.STORE
    assert TEA["kind"].settable == Level.BRAND
    assert rules_of(SecretRules)["recipe"].settable == Level.PLATFORM


def test_bounds_are_shown_as_json_schema() -> None:
    assert TEA["minutes"].json_schema == {"type": "integer", "exclusiveMinimum": 0, "maximum": 10}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("minutes", "4"),
        ("minutes", 4.0),
        ("minutes", True),
        ("minutes", 0),
        ("minutes", 11),
        ("minutes", 2**80),
        ("minutes", [4]),
        ("sugar", "1"),
        ("sugar", False),
        ("sugar", float("nan")),
        ("kind", 1),
        ("kind", "x" * 11),
    ],
)
def test_a_value_of_another_type_or_out_of_bounds_is_refused(name: str, value: object) -> None:
    with pytest.raises((ValidationError, TypeError)):
        TEA[name].parse(value)


def test_two_rules_of_one_key_stop_the_start() -> None:
    class Again(TeaRules):
        pass

    with pytest.raises(ValueError, match=r"two rules are called tea.minutes: those of .*TeaRules and .*Again"):
        catalogue([TeaRules, Again])


def test_every_rule_there_is_has_been_registered() -> None:
    registered = {kind for group in plugin_manager().hook.register_rules() for kind in group}
    assert registered == set(below(Rules))
