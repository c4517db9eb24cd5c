"""What rows and refusals consist of, as their classes say."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

from graphql import GraphQLObjectType

from core.errors import DomainError, Fault
from tests.architecture.surface import declared


@cache
def attributes(kind: GraphQLObjectType) -> Mapping[str, tuple[str, Any]]:
    """Names and types of the fields that are read off an object, by the names of its attributes."""
    fields = [(declared(field), name, field.type) for name, field in kind.fields.items()]
    return {field.python_name: (name, made) for field, name, made in fields if field.is_basic_field}


@cache
def columns(row: type) -> Mapping[str, Any]:
    """The annotations of a row's columns, those among them that nothing shows."""
    return get_type_hints(row)


def refusals(kind: type[DomainError] = DomainError) -> list[type[DomainError]]:
    """Core's and the plugins' refusals that are shown as data; what other tests declare has no code in the schema."""
    found = [kind, *(error for below in kind.__subclasses__() for error in refusals(below))]
    return [
        error for error in found if error.__module__.startswith(("core.", "plugins.")) and not issubclass(error, Fault)
    ]
