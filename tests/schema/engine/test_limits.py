"""Every limit allows as much as it says and nothing more, for shoppers and for staff; the environment may set each."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from graphql import parse
from pydantic import ValidationError
from typer.testing import CliRunner

from hexmart.cli import app
from hexmart.settings import Settings
from schema.engine.gate import measure, tokens
from schema.engine.limits import STAFF, STOREFRONT, Limits, QueryTooComplex, check_variables

NAMES = [field.name for field in fields(Limits)]
AUDIENCES = pytest.mark.parametrize("limits", [STOREFRONT, STAFF], ids=["storefront", "staff"])
#: documents that have so much of what a limit is about, and little of everything else
DOCUMENTS: dict[str, Callable[[int], str]] = {
    "depth": lambda n: "{ a " * n + "}" * n,
    "aliases": lambda n: f"{{ r {{ {'x: a ' * n}}} }}",
    "root_fields": lambda n: f"{{ {'a ' * n}}}",
    "mutations": lambda n: f"mutation {{ {'a ' * n}}}",
    "fields": lambda n: f"{{ r {{ {'a ' * (n - 1)}}} }}",
    "directives": lambda n: f"{{ r {{ {'a @x ' * n}}} }}",
    "directives_per_node": lambda n: f"{{ a {'@x ' * n}}}",
    "fragments": lambda n: "{ a } " + "fragment F on T { a } " * n,
    "spreads": lambda n: f"{{ r {{ {'...F ' * n}}} }} fragment F on T {{ a }}",
    "list_items": lambda n: f"{{ a(b: [{'1 ' * n}]) }}",
    "text": lambda n: f'{{ a(b: "{"字" * n}") }}',
}


def check_document(limits: Limits, name: str, amount: int) -> None:
    """The gate's word about a document with so much of something."""
    (found,) = measure(parse(DOCUMENTS[name](amount))).values()
    assert getattr(found, name) == amount
    limits.check(found)


def check_otherwise(limits: Limits, name: str, amount: int) -> None:
    """The same for what no walk over a document finds."""
    if name == "tokens":
        limits.check_tokens(tokens(f"{{ {'a ' * (amount - 2)}}}", limits.tokens))
    elif name == "cost":
        limits.check_cost(amount)
    elif name == "variables_depth":
        check_variables({"input": nested(amount)}, limits)
    else:
        limits.hold(name, amount)


def nested(depth: int) -> object:
    """Lists and objects in each other, in turns."""
    value: object = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


@AUDIENCES
@pytest.mark.parametrize("name", NAMES)
def test_as_much_as_a_limit_allows_passes_and_one_more_is_refused(limits: Limits, name: str) -> None:
    check = check_document if name in DOCUMENTS else check_otherwise
    allowed = getattr(limits, name)
    check(limits, name, allowed)
    with pytest.raises(QueryTooComplex) as refusal:
        check(limits, name, allowed + 1)
    assert refusal.value.facts == {"limit": name, "found": allowed + 1, "allowed": allowed}


def test_staff_may_ask_for_as_much_as_shoppers_at_least() -> None:
    assert all(getattr(STAFF, name) >= getattr(STOREFRONT, name) for name in NAMES)


def test_a_refusal_says_what_is_too_much_and_how_much_may_be() -> None:
    with pytest.raises(QueryTooComplex) as refusal:
        STOREFRONT.check_cost(1_001)
    assert refusal.value.code == "QUERY_TOO_COMPLEX"
    assert refusal.value.message == "This request is too complex: the limit cost allows 1000, it has 1001."


def test_a_number_beyond_those_of_json_is_cut() -> None:
    with pytest.raises(QueryTooComplex) as refusal:
        STOREFRONT.check_cost(10**5_000)
    assert refusal.value.facts["found"] == 2**53 - 1


PLACES: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
    ({"a": "", "search": "x" * 2_049}, "text", ("search",)),
    ({"input": {"lines": [{"note": "x"}, {"note": "x" * 2_049}]}}, "text", ("input", "lines", "1", "note")),
    ({"ids": ["x"] * 101}, "variable_items", ("ids",)),
    ({"input": {"lines": [[0] * 101]}}, "variable_items", ("input", "lines", "0")),
    ({"input": nested(9)}, "variables_depth", ("input", *("a", "0") * 4)),
    ({"a": nested(8), "b": nested(10_000)}, "variables_depth", ("b", *("0", "a") * 4)),
]


@pytest.mark.parametrize(("variables", "limit", "path"), PLACES)
def test_a_variable_that_is_too_much_is_named(variables: dict[str, Any], limit: str, path: tuple[str, ...]) -> None:
    with pytest.raises(QueryTooComplex) as refusal:
        check_variables(variables, STOREFRONT)
    assert (refusal.value.facts["limit"], refusal.value.path) == (limit, path)


def test_variables_within_the_limits_pass() -> None:
    check_variables({"a": None, "b": "x" * 2_048, "c": [1.5, True] * 50, "d": nested(8), "e": {}, "f": []}, STOREFRONT)


def test_the_environment_sets_one_limit_and_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Settings().storefront_limits, Settings().staff_limits) == (STOREFRONT, STAFF)
    monkeypatch.setenv("HEXMART_STOREFRONT_LIMITS__DEPTH", "12")
    monkeypatch.setenv("HEXMART_STAFF_LIMITS__BODY_BYTES", "99")
    settings = Settings()
    assert settings.storefront_limits == replace(STOREFRONT, depth=12)
    assert settings.staff_limits == replace(STAFF, body_bytes=99)


WRONG = [
    ("HEXMART_STOREFRONT_LIMITS__DEPTH", "deep", "valid integer"),
    ("HEXMART_STAFF_LIMITS__COST", "-1", "greater than or equal to 0"),
    ("HEXMART_STAFF_LIMITS__DEPHT", "12", "Unexpected keyword argument"),
    ("HEXMART_STOREFRONT_LIMITS", '{"depth": 3', "dictionary or an instance of Limits"),
]


@pytest.mark.parametrize(("variable", "value", "why"), WRONG)
def test_a_limit_that_is_none_is_answered_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, why: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError):
        Settings()
    ended = CliRunner().invoke(app, ["serve"], env={"COLUMNS": "200"})
    assert ended.exit_code == 1
    (sentence,) = ended.stderr.splitlines()
    assert sentence.replace("__", "_").startswith(f"{variable.replace('__', '_')}: ")
    assert why in sentence
