"""A list says what it costs, since what is asked of its items is asked many times over."""

from collections.abc import Iterator

import strawberry
from graphql import GraphQLField, GraphQLList, get_named_type, get_nullable_type, is_composite_type

from schema.compose import ComposedSchema
from schema.fields import field
from tests.architecture.surface import declared, types

#: lists of objects that are few by their nature: why. A page is costed by its `first`, where the page is asked for
FEW = {
    "*Connection.edges": "a page, costed by `first`",
    "*Connection.nodes": "a page, costed by `first`",
    "*Payload.userErrors": "one refusal ends a request",
    "*Payload.warnings": "no more than the input has lines",
    "ProductVariant.options": "a handful, in the variant's own row",
    "StockShortage.lines": "no more than the cart has lines, which was read to refuse it",
    "StoreMatch.reasons": "one for each of the ranking's four factors",
}


def free_lists(surface: strawberry.Schema) -> Iterator[str]:
    """Lists of objects that declare no cost; a list of plain values comes with its row."""
    for kind in types(surface):  # type: ignore[arg-type]
        for name, made in kind.fields.items():
            if _is_list_of_objects(made) and not declared(made).metadata.get("cost"):
                yield f"{kind.name}.{name}"


def _is_list_of_objects(made: GraphQLField) -> bool:
    return isinstance(get_nullable_type(made.type), GraphQLList) and is_composite_type(get_named_type(made.type))


def _entry(name: str) -> str:
    """The line of FEW that a list falls under."""
    kind, _, attribute = name.partition(".")
    for ending in ("Connection", "Payload"):
        if kind.endswith(ending):
            return f"*{ending}.{attribute}"
    return name


def test_every_list_that_may_be_long_declares_its_cost(surface: ComposedSchema) -> None:
    assert {_entry(name) for name in free_lists(surface)} == set(FEW)


def test_a_list_without_a_cost_would_be_found() -> None:
    @strawberry.type
    class Leaf:
        size: int = field("How big.")

    @strawberry.type
    class Query:
        free: list[Leaf] = field("Costs nothing.")
        dear: list[Leaf] = field("Costs something.", cost=2)
        words: list[str] = field("Of its own row.")

    assert list(free_lists(strawberry.Schema(Query))) == ["Query.free"]
