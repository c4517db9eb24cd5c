"""What documents cost: declared, multiplied by pages, never less than what they may load."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, get_variable_values, parse, validate

from bench.bombs import BOMBS
from schema.engine.cost import Cost
from tests.architecture.surface import served
from tests.schema.engine.documented import operation_of

Price = Callable[..., int]
HERE = {"latitude": 31.2, "longitude": 121.5}
AROUND = "location: {latitude: 31.2, longitude: 121.5}"
SHOP = "store { code }"
NEAR = "storesNear(input: $input) { score store { code } reasons { text } }"
LIST = "nodes { name variants { sku price { amount } stock { available } } }"  # 3 + 3 * (1 + 1) = 9 a product


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return served().graphql


@pytest.fixture(scope="module")
def price(schema: GraphQLSchema) -> Price:
    """What a document costs with its variables, coerced as they are before it is executed."""

    def cost(text: str, **given: Any) -> int:
        document = parse(text)
        assert validate(schema, document) == []
        operation = operation_of(document)
        variables = get_variable_values(schema, operation.variable_definitions or (), given)
        assert not isinstance(variables, list), variables
        return Cost(schema, document, operation)(variables.coerced)

    return cost


COSTS: list[tuple[str, dict[str, Any], int]] = [
    ("{ __typename }", {}, 0),
    ("{ __schema { types { fields { name } } } }", {}, 0),
    ("{ brand { slug plugins } }", {}, 1),
    ("{ a: brand { slug } b: brand { slug } }", {}, 2),
    # a list of 20 is the usual page
    (f"{{ products {{ {LIST} }} }}", {}, 2 + 20 * 9),
    (f"{{ products(first: null) {{ {LIST} }} }}", {}, 2 + 20 * 9),
    (f"{{ products(first: 100) {{ {LIST} }} }}", {}, 902),
    (f"query($n: Int) {{ products(first: $n) {{ {LIST} }} }}", {"n": 7}, 2 + 7 * 9),
    (f"query($n: Int) {{ products(first: $n) {{ {LIST} }} }}", {}, 2 + 20 * 9),
    (f"query($n: Int) {{ products(first: $n) {{ {LIST} }} }}", {"n": None}, 2 + 20 * 9),
    (f"query($n: Int = 5) {{ products(first: $n) {{ {LIST} }} }}", {}, 2 + 5 * 9),
    # the page multiplies edges and nodes, and neither pageInfo nor totalCount
    ("{ products(first: 50) { pageInfo { hasNextPage } totalCount } }", {}, 2 + 10),
    ("{ products(first: 50) { nodes { slug } edges { cursor } } }", {}, 2),
    ("{ products(first: 50) { totalCount edges { node { category { slug } } } } }", {}, 2 + 10 + 50),
    ("{ products(first: 50) { nodes { slug } nodes { category { slug } } edges { node { id } } } }", {}, 2 + 50),
    ("{ products(first: 50) { ...P ...P } } fragment P on ProductConnection { nodes { category { slug } } }", {}, 102),
    ("{ products(first: 50) { ... { ... on ProductConnection { totalCount } nodes { category { slug } } } } }", {}, 62),
    # lists in lists
    (f"{{ products(first: 2) {{ nodes {{ variants {{ nearbyStock({AROUND}) {{ open }} }} }} }} }}", {}, 2 + 2 * 93),
    (
        f"{{ products(first: 2) {{ nodes {{ variants {{ nearbyStock({AROUND}, first: 9) {{ {SHOP} }} }} }} }} }}",
        {},
        2 + 2 * (3 + 3 * (30 + 9)),
    ),
    (f'{{ variant(sku: "x") {{ nearbyStock({AROUND}) {{ store {{ code }} }} }} }}', {}, 1 + 30 + 5),
    # `first` within an input
    (f"query($input: StoresNearInput!) {{ {NEAR} }}", {"input": {"location": HERE}}, 20 + 10),
    (f"query($input: StoresNearInput!) {{ {NEAR} }}", {"input": {"location": HERE, "first": 100}}, 20 + 100),
    (f"{{ storesNear(input: {{{AROUND}}}) {{ store {{ code }} }} }}", {}, 20 + 10),
    (f"{{ storesNear(input: {{{AROUND}, first: 4}}) {{ store {{ code }} }} }}", {}, 20 + 4),
    (f"query($n: Int) {{ storesNear(input: {{{AROUND}, first: $n}}) {{ store {{ code }} }} }}", {"n": 6}, 20 + 6),
    # a list that is no page is as long as it declares, one of given things as long as they are
    ("{ categories { parent { slug } } }", {}, 20 + 20),
    ("{ categories { slug } }", {}, 20),
    ('{ store(code: "x") { deliveryArea openingHours { opens } } }', {}, 1 + 10 + 7),
    ('{ cart(id: "x") { lines { variant { product { name } } } } }', {}, 1 + 10 + 10 * (1 + 1)),
    ('{ nodes(ids: ["a", "b", "c"]) { ... on Store { region { name } } } }', {}, 20 + 3),
    ('{ nodes(ids: "a") { ... on Store { region { name } } } }', {}, 20 + 1),
    ("query($i: [ID!]!) { nodes(ids: $i) { ... on Store { region { name } } } }", {"i": ["x"] * 100}, 20 + 100),
    # every type's fragment counts
    (
        '{ node(id: "x") { ... on Store { region { name } } ... on Product { category { slug } variants { sku } } } }',
        {},
        1 + 1 + (1 + 3),
    ),
    ("{ viewer { ... on Member { orders(first: 9) { nodes { store { code } } } } } }", {}, 1 + 5 + 9),
    # what is not selected is not paid for
    ("query($x: Boolean!) { brand @include(if: $x) { slug } categories @skip(if: $x) { slug } }", {"x": True}, 1),
    ("query($x: Boolean!) { brand @include(if: $x) { slug } categories @skip(if: $x) { slug } }", {"x": False}, 20),
    ("{ brand @include(if: false) { slug } ... @skip(if: true) { categories { slug } } }", {}, 0),
    ("query($x: Boolean!, $y: Boolean!) { brand @include(if: $x) @skip(if: $y) { slug } }", {"x": True, "y": True}, 0),
    ("query($x: Boolean = false) { ...F @include(if: $x) } fragment F on Query { brand { slug } }", {}, 0),
    # a size that cannot be is large, or nothing, and makes up for nothing else
    ("{ products(first: 1000000000) { nodes { category { slug } } } }", {}, 2 + 10**9),
    (
        "query($n: Int!) { a: products(first: $n) { nodes { category { slug } } } brand { slug } }",
        {"n": -(10**9)},
        2 + 1,
    ),
    ("mutation($i: CartClaimInput!) { cartClaim(input: $i) { cart { id } } }", {"i": {"cartId": "x"}}, 10),
]


@pytest.mark.parametrize(("text", "variables", "expected"), COSTS)
def test_a_document_costs_what_its_fields_say(
    price: Price, text: str, variables: dict[str, Any], expected: int
) -> None:
    assert price(text, **variables) == expected


def test_the_same_operation_costs_by_its_variables_each_time(schema: GraphQLSchema) -> None:
    document = parse(
        "query($n: Int, $search: String) { products(first: $n, search: $search) { nodes { category { id } } } }"
    )
    cost = Cost(schema, document, operation_of(document))
    assert [cost({"n": n}) for n in (1, 100, 1, None)] == [3, 102, 3, 22]
    assert [cost({"n": n, "search": str(n)}) for n in range(1_000)] == [2 + n for n in range(1_000)]


def test_each_operation_of_a_document_has_its_own_cost(schema: GraphQLSchema) -> None:
    document = parse("query A { ...F } query B { ...F categories { slug } } fragment F on Query { brand { slug } }")
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    assert [Cost(schema, document, operation)({}) for operation in operations] == [1, 21]


def test_fragments_that_double_each_other_are_priced_once(schema: GraphQLSchema) -> None:
    fields = "{ products(first: 1) { nodes { ...F0 } } }"
    chain = " ".join(f"fragment F{n} on Product {{ ...F{n + 1} ...F{n + 1} }}" for n in range(95))
    document = parse(f"{fields} {chain} fragment F95 on Product {{ category {{ slug }} }}")
    assert Cost(schema, document, operation_of(document))({}) == 2 + 2**95


def test_a_known_cost_is_looked_up_in_microseconds(schema: GraphQLSchema) -> None:
    document = parse(f"query($n: Int, $input: StoresNearInput!) {{ products(first: $n) {{ {LIST} }} {NEAR} }}")
    cost = Cost(schema, document, operation_of(document))
    variables = {"n": 7, "input": {"first": 3}}
    took = []
    for _ in range(1_000):
        began = perf_counter()
        cost(variables)
        took.append(perf_counter() - began)
    assert sorted(took)[500] < 50e-6


def test_a_bomb_of_valid_fields_would_cost_what_it_asks_for(schema: GraphQLSchema) -> None:
    document = parse(BOMBS["95 nested doubled fragments"].document)
    assert validate(schema, document) == []
    assert Cost(schema, document, operation_of(document))({}) == 1
