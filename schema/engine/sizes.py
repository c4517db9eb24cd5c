"""How many items a field is asked for and whether it is shown at all: as its node says, or else a variable."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from graphql import (
    BooleanValueNode,
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNonNull,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    SelectionNode,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_list_type,
)
from graphql.language import ArgumentNode, ObjectFieldNode

from schema.pages import PAGE

Variables: TypeAlias = Mapping[str, Any]
Number: TypeAlias = int | Callable[[Variables], int]  #: what the document says, or reads off the variables

_PAGE_SIZE = "first"


def page_size(node: FieldNode, field: GraphQLField) -> Number | None:
    """What `first` says, be it an argument or in one; None for a field that has no such thing."""
    if _PAGE_SIZE in field.args:
        return _number(_given(node.arguments, _PAGE_SIZE), _usual(field.args[_PAGE_SIZE]))
    for name, argument in field.args.items():
        kind = get_nullable_type(argument.type)
        if isinstance(kind, GraphQLInputObjectType) and _PAGE_SIZE in kind.fields:
            return _number_inside(_given(node.arguments, name), _usual(kind.fields[_PAGE_SIZE]))
    return None


def listed(node: FieldNode, field: GraphQLField) -> Number | None:
    """How many things are named one by one; an optional list narrows down what is found, and names nothing."""
    for name, argument in field.args.items():
        if isinstance(argument.type, GraphQLNonNull) and is_list_type(argument.type.of_type):
            given = _given(node.arguments, name)
            if isinstance(given, VariableNode):
                return _length_of(given.name.value)
            return len(given.values) if isinstance(given, ListValueNode) else 1
    return None


def conditions(node: SelectionNode) -> list[Number]:
    """What @skip and @include say, each 1 or 0; the node is shown where all say 1."""
    return [
        _shown(argument.value, directive.name.value == "include")
        for directive in node.directives or ()
        if directive.name.value in {"include", "skip"}
        for argument in directive.arguments or ()
    ]


def valued(number: Number, variables: Variables) -> int:
    """The number, with the values of the variables."""
    return number if isinstance(number, int) else number(variables)


def _given(parts: Iterable[ArgumentNode | ObjectFieldNode] | None, name: str) -> ValueNode | None:
    return next((part.value for part in parts or () if part.name.value == name), None)


def _usual(declared: GraphQLArgument | GraphQLInputField) -> int:
    default = declared.default_value
    return default if isinstance(default, int) else PAGE


def _number(given: ValueNode | None, usual: int) -> Number:
    if isinstance(given, IntValueNode):
        return _size(int(given.value), usual)
    if isinstance(given, VariableNode):
        name = given.name.value
        return lambda variables: _size(variables.get(name), usual)
    return usual


def _number_inside(given: ValueNode | None, usual: int) -> Number:
    if isinstance(given, ObjectValueNode):
        return _number(_given(given.fields, _PAGE_SIZE), usual)
    if isinstance(given, VariableNode):
        name = given.name.value
        return lambda variables: _size((variables.get(name) or {}).get(_PAGE_SIZE), usual)
    return usual


def _size(asked: int | None, usual: int) -> int:
    """A page of less than nothing is refused later; here it must not make up for the size of another."""
    return usual if asked is None else max(asked, 0)


def _length_of(name: str) -> Number:
    return lambda variables: len(variables.get(name) or ())


def _shown(condition: ValueNode, wanted: bool) -> Number:
    if isinstance(condition, VariableNode):
        name = condition.name.value
        return lambda variables: int(bool(variables.get(name)) is wanted)
    return int(isinstance(condition, BooleanValueNode) and condition.value is wanted)
