"""Whatever we show works as it is shown, and with the largest pages that there are."""

from dataclasses import replace
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    IntValueNode,
    NameNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    visit,
)

from schema.engine.compiler import declaration
from schema.engine.cost import Cost
from schema.engine.gate import measure
from schema.engine.limits import STAFF, STOREFRONT, Limits
from tests.architecture.surface import served
from tests.schema.engine.documented import documents, operation_of

FIRST, HUNDRED = NameNode(value="first"), IntValueNode(value="100")


class Largest(Visitor):
    """Asks for a hundred items wherever a page size can be said."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types

    def leave_field(self, node: FieldNode, *_: Any) -> FieldNode:
        field = self._types.get_field_def()
        assert field is not None
        if "first" not in field.args:
            return node
        others = [part for part in node.arguments or () if part.name.value != "first"]
        return replace(node, arguments=(*others, ArgumentNode(name=FIRST, value=HUNDRED)))

    def leave_object_value(self, node: ObjectValueNode, *_: Any) -> ObjectValueNode:
        kind = self._types.get_input_type()
        if "first" not in getattr(kind, "fields", {}):
            return node
        others = [part for part in node.fields if part.name.value != "first"]
        return replace(node, fields=(*others, ObjectFieldNode(name=FIRST, value=HUNDRED)))


def at_a_hundred(schema: GraphQLSchema, document: DocumentNode) -> DocumentNode:
    types = TypeInfo(schema)
    largest: DocumentNode = visit(document, TypeInfoVisitor(types, Largest(types)))
    return largest


def audience(schema: GraphQLSchema, operation: OperationDefinitionNode) -> Limits:
    """Staff's limits for what only staff can do; every query is held to those of shoppers."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    named = [node.name.value for node in operation.selection_set.selections if isinstance(node, FieldNode)]
    needed = {declaration(root.fields[name]).metadata["declared"].access.requires for name in named}
    return STAFF if operation.operation == OperationType.MUTATION and needed - {None, "member"} else STOREFRONT


def test_every_document_that_we_show_fits_with_pages_of_a_hundred() -> None:
    schema = served().graphql
    costs: list[int] = []
    for document in documents(schema):
        largest, operation = at_a_hundred(schema, document), operation_of(document)
        limits = audience(schema, operation)
        for measured in measure(document).values():
            limits.check(measured)
        inputs = {part.variable.name.value: {"first": 100} for part in operation.variable_definitions or ()}
        costs.append(Cost(schema, largest, operation_of(largest))(inputs))
        limits.check_cost(costs[-1])
    assert len(costs) > 20
    assert max(costs) == 902  # as schema/engine/limits.py says


def test_shoppers_reach_a_price_from_a_page_of_orders_and_read_a_hundred_things_again() -> None:
    deep = "{ viewer { ... on Member { orders { edges { node { lines { variant { price { amount } } } } } } } } }"
    wide = "{ nodes(ids: [%s]) { id } }" % ("0 " * 100)
    found = [measure(parse(text))[None] for text in (deep, wide)]
    assert (found[0].depth, found[1].list_items) == (STOREFRONT.depth, STOREFRONT.list_items)
    for measured in found:
        STOREFRONT.check(measured)
