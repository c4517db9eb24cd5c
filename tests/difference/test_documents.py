"""The documents that both executions are asked: all of them valid, and nothing in the schema left out."""

from collections.abc import Iterator
from random import Random
from typing import Any

from graphql import GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, parse, specified_rules, validate, visit
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from tests.architecture.surface import graphql_of, served, types
from tests.difference.cases import BYTES, Cases
from tests.difference.choices import Choices
from tests.difference.documents import Author
from tests.difference.fakes import of_all

MOST = 20_000  #: documents within which everything has to be asked for
Named = tuple[str, ...]


def documents(most: int) -> Iterator[str]:
    """The same each time."""
    cases, chance = Cases(of_all()), Random(1)
    return (cases.case(chance.randbytes(BYTES)).requests[0].document for _ in range(most))


def everything(schema: GraphQLSchema, document: str) -> set[Named]:
    """The fields and arguments that a document names, by their types."""
    found: set[Named] = set()
    known = TypeInfo(schema)

    class Finder(Visitor):
        def enter_field(self, node: Any, *_: Any) -> None:
            found.add((str(known.get_parent_type()), node.name.value))
            found.update(
                (str(known.get_parent_type()), node.name.value, given.name.value) for given in node.arguments or ()
            )

    visit(parse(document), TypeInfoVisitor(known, Finder()))
    return found


def test_every_document_is_valid() -> None:
    schema = graphql_of(served())
    for document in documents(300):
        assert not validate(schema, parse(document), (*specified_rules, OneOfInputValidationRule)), document


def test_every_field_and_every_argument_is_asked_for() -> None:
    surface = served()
    fields = [(kind.name, name, field) for kind in types(surface) for name, field in kind.fields.items()]
    missing: set[Named] = {(kind, name) for kind, name, _ in fields}
    missing |= {(kind, name, argument) for kind, name, field in fields for argument in field.args}
    asked = documents(MOST)
    while missing and (document := next(asked, None)) is not None:
        missing -= everything(graphql_of(surface), document)
    assert not missing


def test_without_decisions_a_document_is_as_small_as_can_be() -> None:
    author = Author(graphql_of(served()), Choices(b""))
    assert author.document().text == 'query { node(id: "a") { id } }'
