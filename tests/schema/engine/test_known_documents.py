"""What is remembered of documents, for whom, and what the public is told of those that are wrong."""

from typing import Any

import pytest

from core.actors import Actor, ActorKind
from schema.engine import Engine, GraphQLRequest, documents
from schema.engine.limits import STOREFRONT
from tests.schema.engine import garden

pytestmark = pytest.mark.anyio

STAFF = Actor(ActorKind.STAFF, None)
LONG = "{ " + " ".join(f"b{number}: bed(number: 1) {{ number }}" for number in range(11)) + " }"
TWO = "query One { bed(number: 1) { number } } query Two { bed(number: 2) { number } }"
MISSPELT = "query($number: Int!) { bed(number: $number) { nmber } }"


@pytest.fixture
def engine() -> Engine:
    return Engine(garden.schema(), development=False)


async def ask(engine: Engine, query: str, viewer: Actor | None = None, **asked: Any) -> dict[str, Any]:
    info = garden.visit()
    info.viewer = viewer or info.viewer
    return await engine.execute(GraphQLRequest(query, **asked), info)


def code(response: dict[str, Any]) -> str:
    (error,) = response["errors"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ a: __type(name: "Bed") { name } }',
        "{ ...F } fragment F on Query { __schema { types { name } } }",
    ],
)
async def test_the_public_is_not_shown_the_schema_in_production(engine: Engine, query: str) -> None:
    assert code(await ask(engine, query)) == "BAD_REQUEST"
    assert (await ask(Engine(garden.schema()), query))["data"]


@pytest.mark.parametrize("query", [MISSPELT, "{ beds { nmber } }", "{ bedz { number } }"])
async def test_the_public_is_given_no_suggestions_in_production(engine: Engine, query: str) -> None:
    assert "Did you mean" not in str(await ask(engine, query))
    assert "Did you mean" in str(await ask(Engine(garden.schema()), query))


async def test_what_staff_may_ask_is_not_served_to_shoppers_because_it_is_known(engine: Engine) -> None:
    assert code(await ask(engine, LONG)) == "QUERY_TOO_COMPLEX"
    assert len((await ask(engine, LONG, STAFF))["data"]) == 11
    assert code(await ask(engine, LONG)) == "QUERY_TOO_COMPLEX"


async def test_only_what_is_valid_is_remembered(engine: Engine) -> None:
    for query in (MISSPELT, LONG, "{ beds {"):
        await ask(engine, query)
    assert len(engine.documents) == 0
    await ask(engine, TWO, operation_name="One")
    assert len(engine.documents) == 1


async def test_one_of_several_operations_has_to_be_named(engine: Engine) -> None:
    assert (await ask(engine, TWO, operation_name="Two"))["data"] == {"bed": {"number": 2}}
    assert code(await ask(engine, TWO)) == "BAD_REQUEST"
    assert code(await ask(engine, TWO, operation_name="Three")) == "BAD_REQUEST"


async def test_each_set_of_conditions_has_a_plan_of_its_own(engine: Engine) -> None:
    query = "query($x: Boolean!) { beds { number plants @include(if: $x) { name } } }"
    short, full = [await ask(engine, query, variables={"x": x}) for x in (False, True)]
    assert "plants" not in short["data"]["beds"][0]
    assert full["data"]["beds"][0]["plants"]
    assert engine.tally == {"compiled": 2}


async def test_plans_are_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_MOST_PLANS", 2)
    conditions = [f"$x{n}: Boolean!" for n in range(4)]
    fields = [f"a{n}: number @include(if: $x{n})" for n in range(4)]
    query = f"query({', '.join(conditions)}) {{ beds {{ {' '.join(fields)} }} }}"
    for number in range(16):
        values = {f"x{n}": bool(number >> n & 1) for n in range(4)}
        response = await ask(engine, query, variables=values)
        assert set(response["data"]["beds"][0]) == {f"a{n}" for n in range(4) if values[f"x{n}"]}
    operation = engine.documents.read(query, STOREFRONT).operation(None)
    assert len(operation._plans) == 2


async def test_a_plain_value_is_not_taken_for_another(engine: Engine) -> None:
    query = "query($first: Int) { bed(number: 1) { plants(first: $first) { name } } }"
    counts = [len((await ask(engine, query, variables={"first": n}))["data"]["bed"]["plants"]) for n in (1, 2, 1, None)]
    assert counts == [1, 2, 1, 2]
    assert code(await ask(engine, query, variables={"first": True})) == "BAD_REQUEST"
