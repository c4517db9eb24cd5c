"""What is unusual is completed by graphql-core, with what was loaded already; everything else is compiled."""

from collections import Counter
from typing import Any

import pytest

from schema.engine import Engine, GraphQLRequest
from tests.schema.engine import garden

pytestmark = pytest.mark.anyio

PLANTS = "beds(broken: $broken) { number plants { name tags neighbour { number } } }"
DOCUMENT = f"query($broken: Boolean!) {{ {PLANTS} }}"


async def run(engine: Engine, query: str, **variables: Any) -> dict[str, Any]:
    garden.called.clear()
    return await engine.execute(GraphQLRequest(query, variables), garden.visit())


async def both(query: str, **variables: Any) -> tuple[dict[str, Any], Counter[str]]:
    """The response, which both executions agree on, and how the compiled one came to it."""
    compiled, reference = Engine(garden.schema()), Engine(garden.schema(), compiling=False)
    response = await run(compiled, query, **variables)
    assert response == await run(reference, query, **variables)
    return response, compiled.tally


async def test_a_level_is_loaded_once_and_compiled() -> None:
    response, tally = await both(DOCUMENT, broken=False)
    assert tally == {"compiled": 1}
    assert garden.called == {"beds": 1, "plants": 1, "neighbour": 1}
    assert response["data"]["beds"][0]["plants"] == [
        {"name": "mint", "tags": [], "neighbour": {"number": 9}},
        {"name": "sage", "tags": ["grey"], "neighbour": None},
    ]


async def test_a_null_that_may_not_be_is_completed_by_graphql_core_and_nothing_is_loaded_again() -> None:
    engine = Engine(garden.schema())
    response = await run(engine, DOCUMENT, broken=True)
    assert engine.tally == {"unusual": 1}
    assert garden.called == {"beds": 1, "plants": 1, "neighbour": 1}
    assert response["data"] is None
    assert response["errors"][0]["path"] == ["beds", 0, "plants", 1, "name"]


async def test_a_value_that_cannot_be_written_is_a_fault_of_ours() -> None:
    response, _ = await both("{ beds(broken: true) { plants { height } } }")
    assert [error["extensions"]["code"] for error in response["errors"]] == ["INTERNAL"]
    assert "tall" not in str(response["errors"])  # what it was is for the log


async def test_a_relation_that_refuses_is_asked_once() -> None:
    response, tally = await both("{ bed(number: 1) { plants(first: 0) { name } } }")
    assert tally == {"error": 1}
    assert garden.called == {"plants": 1}
    assert response["data"] == {"bed": None}
    assert response["errors"][0]["extensions"] == {"code": "BAD_REQUEST", "path": ["first"]}


async def test_one_root_field_that_fails_leaves_the_others_compiled() -> None:
    response, tally = await both(
        f"query($broken: Boolean!) {{ bad: bed(number: -1) {{ number }} {PLANTS} }}", broken=False
    )
    assert tally == {"compiled": 1, "refused": 1}
    assert response["data"]["bad"] is None
    assert len(response["data"]["beds"]) == 3
    assert response["errors"][0]["path"] == ["bad"]


async def test_introspection_is_graphql_core_s() -> None:
    response, tally = await both('{ __typename __type(name: "Bed") { fields { name } } }')
    assert tally == {"compiled": 1, "introspection": 1}
    assert response["data"]["__typename"] == "Query"
    assert {"name": "plants"} in response["data"]["__type"]["fields"]


async def test_the_cost_of_what_was_loaded_is_told_beside_what_was_feared() -> None:
    response, _ = await both(DOCUMENT, broken=False)
    assert response["extensions"]["cost"]["actual"] == 3 + 3 + 3  # beds, plants, neighbours
    assert response["extensions"]["cost"]["requested"] > response["extensions"]["cost"]["actual"] - 3
