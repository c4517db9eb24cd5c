"""The rows of the table: every root field, called with no more than it must be given."""

from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)

from schema.compose import ComposedSchema
from schema.fields import Root
from tests.architecture.surface import declared, graphql_of, takes_one

#: what a value of a type is made of; an id or a name of nothing, so that what is allowed changes as little as it can
LITERALS = {"Int": "1", "Float": "1", "Boolean": "true", "DateTime": '"2026-01-05T09:00:00Z"', "Decimal": '"1"'}


@dataclass(frozen=True, slots=True)
class Row:
    """A root field, and a document that calls it."""

    kind: str
    name: str
    requires: str | None  #: None: it is open to anyone
    document: str

    @property
    def permission(self) -> str | None:
        """The permission that it takes, if it takes one."""
        return self.requires if self.requires is not None and "." in self.requires else None


def rows(surface: ComposedSchema) -> list[Row]:
    """Every root field, in the order of their names."""
    schema: GraphQLSchema = graphql_of(surface)
    found = []
    roots = {"query": schema.query_type, "mutation": schema.mutation_type, "subscription": schema.subscription_type}
    for kind, root in roots.items():
        assert isinstance(root, GraphQLObjectType)
        for name, field in sorted(root.fields.items()):
            made: Root = declared(field).metadata["declared"]
            found.append(Row(kind, name, made.access.requires, document(kind, name, field)))
    return found


def document(kind: str, name: str, field: GraphQLField) -> str:
    """A document that calls a field with no more than it must be given."""
    needed = {argument: of.type for argument, of in field.args.items() if _is_needed(of)}
    given = ", ".join(f"{argument}: {_literal(of)}" for argument, of in needed.items())
    below = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""
    return f"{kind} {{ {name}{f'({given})' if given else ''}{below} }}"


def _literal(kind: GraphQLInputType) -> str:
    """A value of a type, with no more in it than must be."""
    if isinstance(kind, GraphQLNonNull):
        return _literal(kind.of_type)
    if isinstance(kind, GraphQLList):
        return "[]"
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        needed = {name: field.type for name, field in named.fields.items() if _is_needed(field)}
        if takes_one(named):
            first, field = next(iter(named.fields.items()))
            needed = {first: GraphQLNonNull(field.type)}
        return f"{{{', '.join(f'{name}: {_literal(of)}' for name, of in needed.items())}}}"
    return next(iter(named.values)) if isinstance(named, GraphQLEnumType) else LITERALS.get(named.name, '"x"')


def _is_needed(slot: GraphQLArgument | GraphQLInputField) -> bool:
    return isinstance(slot.type, GraphQLNonNull)
