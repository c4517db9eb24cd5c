"""Everything that a type leads to, as one selection in which each edge of the schema stands once."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from schema.fields import Relation
from tests.architecture.surface import declared

Edge = tuple[str, str]  #: a type and its field


@dataclass(slots=True)
class _Bush:
    """A type's selection, as it is written."""

    kind: GraphQLNamedType
    parts: list["str | tuple[str, _Bush]"] = field(default_factory=list)

    def __str__(self) -> str:
        return "{ " + " ".join(part if isinstance(part, str) else f"{part[0]} {part[1]}" for part in self.parts) + " }"


@dataclass(slots=True)
class Selection:
    """A selection, and the variables that the arguments in it are given by."""

    text: str
    variables: dict[str, GraphQLInputType]
    places: dict[str, tuple[str, str]]  #: of a variable: whose argument it gives, as the table of sources has it


def everything(schema: GraphQLSchema, kind: GraphQLNamedType) -> Selection:
    """All that can be selected of a type: each edge where it is met first, counted from the top."""
    made = Selection("", {}, {})
    if is_leaf_type(kind):
        return made
    top = _Bush(kind)
    seen: set[Edge] = set()
    pending = deque([top])
    while pending:
        bush = pending.popleft()
        for edge, key, target in _fields(schema, bush, made):
            if is_leaf_type(target):
                bush.parts.append(key)
            elif edge not in seen:
                seen.add(edge)
                below = _Bush(target)
                bush.parts.append((key, below))
                pending.append(below)
    made.text = str(top)
    return made


def _fields(schema: GraphQLSchema, bush: _Bush, made: Selection) -> Iterator[tuple[Edge, str, GraphQLNamedType]]:
    bush.parts.append("__typename")
    abstract = is_abstract_type(bush.kind)
    for kind in _objects(schema, bush.kind):
        if abstract:
            bush.parts.append(f"... on {kind.name} {{ __typename")
        for name, one in kind.fields.items():
            alias = f"{kind.name}_{name}: " if abstract else ""  # two types may have other fields by the same name
            yield (kind.name, name), f"{alias}{name}{_arguments(kind.name, name, one, made)}", get_named_type(one.type)
        if abstract:
            bush.parts.append("}")


def _arguments(kind: str, name: str, one: GraphQLField, made: Selection) -> str:
    for argument, slot in one.args.items():
        variable = f"{kind}_{name}_{argument}"
        made.variables[variable], made.places[variable] = slot.type, (f"{kind}.{name}", argument)
    given = ", ".join(f"{argument}: ${kind}_{name}_{argument}" for argument in one.args)
    return f"({given})" if given else ""


def _objects(schema: GraphQLSchema, kind: GraphQLNamedType) -> list[GraphQLObjectType]:
    if is_abstract_type(kind):
        return list(schema.get_possible_types(kind))
    assert isinstance(kind, GraphQLObjectType)
    return [kind]


def edges(schema: GraphQLSchema) -> set[Edge]:
    """Every relation of the schema, and every field that leads to another type."""
    roots = {schema.query_type, schema.mutation_type, schema.subscription_type}
    kinds = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType) and kind not in roots]
    return {
        (kind.name, name)
        for kind in kinds
        if not kind.name.startswith("__")
        for name, one in kind.fields.items()
        if _leads_on(one)
    }


def _leads_on(one: GraphQLField) -> bool:
    relation = isinstance(declared(one).metadata.get("declared"), Relation)
    return relation or not is_leaf_type(get_named_type(one.type))


def reached(value: Any) -> Iterator[Edge]:
    """The edges that an answer has something at the end of."""
    if isinstance(value, list):
        for item in value:
            yield from reached(item)
    elif isinstance(value, Mapping):
        kind = value.get("__typename")
        for key, below in value.items():
            if kind and key != "__typename" and below not in (None, []):
                yield kind, key.removeprefix(f"{kind}_")
            yield from reached(below)
