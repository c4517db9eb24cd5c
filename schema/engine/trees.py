"""Trees: values with fields of their own. First everything is loaded, level by level; then the response is written."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from typing import Any, Protocol

from graphql import FieldNode, GraphQLAbstractType, GraphQLObjectType, GraphQLSchema

from schema.engine.leaves import Column, Unexpected, cut, lists, odd, spread
from schema.fields import Relation


class Site:
    """A batched field as it stands in a document: its node, and how its arguments come about."""

    __slots__ = ("arguments", "node", "relation")

    def __init__(self, relation: Relation, node: FieldNode, arguments: Callable[[Any], dict[str, Any]]) -> None:
        self.relation = relation
        self.node = node
        self.arguments = arguments


class Loads(Protocol):
    """What a tree is loaded by: one request."""

    async def load(self, site: Site, parents: Sequence[Any]) -> Sequence[Any]:
        """One result for each parent."""
        ...


Project = Callable[[], Column]  #: writes the responses of a column, once everything is loaded
Load = Callable[[Column, Loads], Awaitable[Project]]


def nullable(load: Load) -> Load:
    """A column in which some values may be null."""

    async def load_present(values: Column, request: Loads) -> Project:
        present = [value for value in values if value is not None]
        project = await load(present, request)
        return project if len(present) == len(values) else lambda: spread(project(), values)

    return load_present


def listed(load: Load) -> Load:
    """A column of lists, loaded as one."""

    async def load_flat(values: Column, request: Loads) -> Project:
        project = await load(list(chain.from_iterable(lists(values))), request)
        return lambda: cut(project(), values)

    return load_flat


def kept_to(kind: GraphQLObjectType, row: type | None) -> Callable[[Column], None]:
    """A check that objects are what the type says; asked once a class where the class decides it."""
    known: set[type] = set()

    def check(objects: Column) -> None:
        classes = set(map(type, objects))
        if classes <= known:
            return
        if any(map(odd, classes)):
            raise Unexpected
        if kind.is_type_of is not None and not all(kind.is_type_of(value, None) for value in objects):  # type: ignore[arg-type]  # none of ours reads the info
            raise Unexpected
        if kind.is_type_of is None or row is not None:
            known.update(classes)

    return check


def one_of(schema: GraphQLSchema, kind: GraphQLAbstractType, load_as: Callable[[GraphQLObjectType], Load]) -> Load:
    """A column of an interface or a union: loaded type by type, put back in order."""
    candidates = schema.get_possible_types(kind)

    def type_of(value: Any) -> GraphQLObjectType:
        for candidate in candidates:
            if candidate.is_type_of is not None and candidate.is_type_of(value, None):  # type: ignore[arg-type]  # none of ours reads the info
                return candidate
        raise Unexpected

    async def load_by_type(values: Column, request: Loads) -> Project:
        types = [type_of(value) for value in values]
        found: dict[GraphQLObjectType, list[Any]] = defaultdict(list)
        for candidate, value in zip(types, values, strict=True):
            found[candidate].append(value)
        projects = {candidate: await load_as(candidate)(column, request) for candidate, column in found.items()}
        return lambda: _in_order(types, {candidate: project() for candidate, project in projects.items()})

    return load_by_type


def _in_order(types: Sequence[GraphQLObjectType], columns: dict[GraphQLObjectType, Column]) -> Column:
    rest = {kind: iter(column) for kind, column in columns.items()}
    return [next(rest[kind]) for kind in types]
