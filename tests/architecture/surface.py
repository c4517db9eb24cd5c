"""The schema taken apart: its types, its fields, and how they were declared."""

from collections.abc import Iterator
from functools import cache

from graphql import GraphQLField, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from hexmart import plugins
from schema.compose import ComposedSchema

DECLARATION = "strawberry-definition"  #: where Strawberry leaves what a type or field was made from


@cache
def served() -> ComposedSchema:
    """The schema as it is served: core's modules and every plugin that is installed."""
    return plugins.surface(plugins.plugin_manager())


def graphql_of(surface: ComposedSchema) -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return surface._schema


def types(surface: ComposedSchema) -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    """Every type that has fields to be read, GraphQL's own left out."""
    for kind in graphql_of(surface).type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            yield kind


def declaration(kind: GraphQLObjectType | GraphQLInterfaceType) -> StrawberryObjectDefinition:
    """What a type was made from."""
    found: StrawberryObjectDefinition = kind.extensions[DECLARATION]
    return found


def takes_one(kind: GraphQLInputObjectType) -> bool:
    """Whether just one of an input's fields is to be given; Strawberry tells graphql-core no more than it prints."""
    found: StrawberryObjectDefinition | None = kind.extensions.get(DECLARATION)
    return kind.is_one_of if found is None else found.is_one_of


def declared(field: GraphQLField) -> StrawberryField:
    """What a field was made from."""
    found: StrawberryField = field.extensions[DECLARATION]
    return found
