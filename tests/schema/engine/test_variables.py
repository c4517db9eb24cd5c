"""Variables are what graphql-core makes of them, or graphql-core is asked."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import given
from hypothesis import strategies as st

from schema.engine.variables import Variables

SCHEMA = build_schema("""
    enum Colour { RED GREEN }
    scalar Moment
    input Petal { name: String!, colour: Colour = GREEN, size: Int, moment: Moment }
    input Flower {
        id: ID!, petals: [Petal!]!, grid: [[Int]], inner: Flower, open: Boolean = true, tags: [String!] = ["a"]
    }
    input Either @oneOf { id: ID, name: String }
    type Query { plant(flower: Flower, either: Either, ids: [ID!], count: Int!, ratio: Float): Int }
""")
DOCUMENT = parse("""
    query($flower: Flower, $either: Either, $ids: [ID!], $count: Int!, $ratio: Float) {
        plant(flower: $flower, either: $either, ids: $ids, count: $count, ratio: $ratio)
    }
""")
OPERATION = DOCUMENT.definitions[0]
assert isinstance(OPERATION, OperationDefinitionNode)
NODES = OPERATION.variable_definitions or ()
VARIABLES = Variables(SCHEMA, NODES)

USUAL: dict[str, Any] = {
    "flower": {"id": "1", "petals": [{"name": "a"}, {"name": "b", "colour": "RED", "size": None, "moment": "now"}]},
    "either": {"id": "1"},
    "ids": ["1", "2"],
    "count": 3,
    "ratio": 0.5,
}
LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**33), 2**33) | st.floats(allow_nan=False) | st.sampled_from("a1RED")
)
NAMES = st.sampled_from(["id", "name", "petals", "grid", "inner", "open", "tags", "colour", "size", "moment", "other"])
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5))


def _agree(values: dict[str, Any]) -> bool:
    """Whether ours were as usual; where they were, they are the same."""
    ours, theirs = VARIABLES.coerced(values), get_variable_values(SCHEMA, NODES, values)
    if ours is None:
        return False
    assert isinstance(theirs, VariableValues)
    assert repr(ours.coerced) == repr(theirs.coerced)  # 1, 1.0 and True are equal
    assert _sources(ours) == _sources(theirs)
    return True


def _sources(values: VariableValues) -> dict[str, tuple[str, object]]:
    return {name: (str(source.signature.type), source.value) for name, source in values.sources.items()}


def test_what_clients_send_is_as_usual() -> None:
    assert _agree(USUAL)
    assert _agree({"count": 1})
    assert _agree(
        {"count": 1, "flower": {"id": "1", "petals": [], "grid": [[1, None], None], "inner": USUAL["flower"]}}
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": None},
        {},
        {"count": 2**31},
        {"count": True},
        {"count": "1"},
        {"count": 1, "ids": "1"},
        {"count": 1, "ids": [None]},
        {"count": 1, "flower": {"id": "1"}},
        {"count": 1, "flower": {"id": "1", "petals": [], "other": 1}},
        {"count": 1, "flower": {"id": "1", "petals": [{"name": "a", "colour": "BLUE"}]}},
        {"count": 1, "either": {"id": "1", "name": "a"}},
    ],
    ids=str,
)
def test_what_is_unusual_is_left_to_the_book(wrong: dict[str, Any]) -> None:
    assert not _agree(wrong)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(USUAL, ANYTHING)))
def test_any_values_are_the_same_or_left(values: dict[str, Any]) -> None:
    _agree(values)


@given(st.sampled_from(sorted(USUAL)), ANYTHING)
def test_any_one_value_among_usual_ones_is_the_same_or_left(name: str, value: Any) -> None:
    _agree(USUAL | {name: value})


def test_a_default_of_a_variable_is_left_to_the_book() -> None:
    operation = parse("query($count: Int = 1) { plant(count: $count) }").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert Variables(SCHEMA, operation.variable_definitions or ()).coerced({"count": 1}) is None
