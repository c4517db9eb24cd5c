"""Variables made into what their types have: by functions made once for an operation, for values that are as usual.

Whatever is not (an error, a default, a single item for a list) is left to graphql-core, which also says what is wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    Undefined,
    VariableDefinitionNode,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value

Coerce = Callable[[Any], Any]  #: gives Undefined for what is not as usual
_LARGEST = 2**31
_PLAIN = (str, int, float, bool, type(None))


class Variables:
    """The variables of one operation."""

    def __init__(self, schema: GraphQLSchema, nodes: Sequence[VariableDefinitionNode]) -> None:
        known: dict[GraphQLInputObjectType, Coerce] = {}
        self._parts = []
        self._usual = True
        for node in nodes:
            signature = get_variable_signature(schema, node)
            if isinstance(signature, GraphQLError) or node.default_value is not None:
                self._usual = False
                return
            self._parts.append((signature, _of(signature.type, known), isinstance(signature.type, GraphQLNonNull)))

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | None:
        """The values by their types; None where graphql-core has to be asked."""
        if not self._usual:
            return None
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, Any] = {}
        for signature, coerce, required in self._parts:
            name = signature.name
            if name not in given:
                if required:
                    return None
                sources[name] = VariableValueSource(signature)
                continue
            try:
                value = coerce(given[name])
            except GraphQLError:  # of an input of which one field has to be given, and another number was
                return None
            if value is Undefined:
                return None
            sources[name], values[name] = VariableValueSource(signature, given[name]), value
        return VariableValues(sources, values)


def _of(kind: GraphQLInputType, known: dict[GraphQLInputObjectType, Coerce]) -> Coerce:
    if isinstance(kind, GraphQLNonNull):
        inner = _of(kind.of_type, known)
        return lambda value: Undefined if value is None else inner(value)
    if isinstance(kind, GraphQLList):
        return _listed(_of(kind.of_type, known))
    if isinstance(kind, GraphQLInputObjectType) and not kind.is_one_of:
        return known.get(kind) or _learn(kind, known)
    return _LEAVES.get(kind) or (lambda value: coerce_input_value(value, kind))


def _learn(kind: GraphQLInputObjectType, known: dict[GraphQLInputObjectType, Coerce]) -> Coerce:
    known[kind] = lambda value: known[kind](value)  # noqa: PLW0108 - for an input that holds another of its kind
    known[kind] = _object(kind, known)
    return known[kind]


def _object(kind: GraphQLInputObjectType, known: dict[GraphQLInputObjectType, Coerce]) -> Coerce:
    parts = [
        (name, field.out_name or name, _of(field.type, known), _absent(field)) for name, field in kind.fields.items()
    ]
    out = kind.out_type

    def coerce(value: Any) -> Any:
        if type(value) is not dict:
            return None if value is None else Undefined
        made, given = {}, 0
        for name, key, inner, absent in parts:
            if name in value:
                given += 1
                made[key] = coerced = inner(value[name])
                if coerced is Undefined:
                    return Undefined
            elif absent is not None:
                if (default := absent()) is Undefined:
                    return Undefined
                made[key] = default
        return out(made) if given == len(value) else Undefined

    return coerce


def _absent(field: GraphQLInputField) -> Callable[[], Any] | None:
    """What stands for a field that is not given: nothing, a default, or Undefined where it has to be given."""
    if is_required_input_field(field):
        return lambda: Undefined
    default = coerce_default_value(field)
    if default is Undefined:
        return None
    if isinstance(default, _PLAIN):
        return lambda: default
    return lambda: coerce_default_value(field)


def _listed(item: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if type(value) is not list:
            return None if value is None else Undefined
        made = [item(one) for one in value]
        return Undefined if any(one is Undefined for one in made) else made

    return coerce


def _text(value: Any) -> Any:
    return value if value is None or type(value) is str else Undefined


def _integer(value: Any) -> Any:
    if value is None or (type(value) is int and -_LARGEST <= value < _LARGEST):
        return value
    return Undefined


def _boolean(value: Any) -> Any:
    return value if value is None or type(value) is bool else Undefined


_LEAVES: dict[Any, Coerce] = {
    GraphQLID: _text,
    GraphQLString: _text,
    GraphQLInt: _integer,
    GraphQLBoolean: _boolean,
}
