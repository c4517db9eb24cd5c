"""The schema explains itself."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

from schema.compose import ComposedSchema
from tests.architecture.surface import graphql_of


def undescribed(schema: GraphQLSchema) -> list[str]:
    """Types, and fields of types and inputs, that nobody has described."""
    found: list[str] = []
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        if not kind.description:
            found.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            found += [f"{name}.{field}" for field, made in kind.fields.items() if not made.description]
    return found


def test_every_type_and_field_has_a_description(surface: ComposedSchema) -> None:
    assert not undescribed(graphql_of(surface))


def test_a_description_that_is_missing_would_be_found() -> None:
    sdl = '"All." type Query { "One." a: Int b(where: Where): Int } input Where { "Which." c: Int d: Int } enum E { F }'
    assert undescribed(build_schema(sdl)) == ["Query.b", "Where", "Where.d", "E"]


def test_every_description_ends_as_a_sentence_does(surface: ComposedSchema) -> None:
    schema = graphql_of(surface)
    kinds = [kind for kind in schema.type_map.values() if not is_introspection_type(kind)]
    ours = [kind for kind in kinds if not is_specified_scalar_type(kind) and not isinstance(kind, GraphQLEnumType)]
    said = {kind.name: kind.description or "" for kind in ours}
    for kind in ours:
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            said |= {f"{kind.name}.{name}": field.description or "" for name, field in kind.fields.items()}
    assert not {name: text for name, text in said.items() if not text.endswith(".")}
