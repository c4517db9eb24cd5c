"""Arguments made into what resolvers take: by a function for each type of input, made once, that knows its fields.

Strawberry finds out anew with each request what the fields of an input are called and what their types are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING
from typing import Any

from strawberry.scalars import is_scalar
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import StrawberryList, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.scalar import ScalarDefinition, ScalarWrapper
from strawberry.types.unset import UNSET

Convert = Callable[[Any], Any]
Scalars = Mapping[object, ScalarWrapper | ScalarDefinition]


class Inputs:
    """Knows the types of input of one schema."""

    def __init__(self, scalars: Scalars, config: StrawberryConfig) -> None:
        self._scalars = scalars
        self._config = config
        self._known: dict[Any, Convert] = {}

    def arguments(self, declared: Sequence[StrawberryArgument]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """What a resolver that declares these is called with."""
        name_of = self._config.name_converter.from_argument
        parts = [(name_of(one), one.python_name, self._of(one.type)) for one in declared]
        return lambda given: {python: convert(given[name]) for name, python, convert in parts if name in given}

    def _of(self, kind: Any) -> Convert:
        if isinstance(kind, StrawberryOptional):
            return self._of(kind.of_type)
        if isinstance(kind, StrawberryList):
            return _listed(self._of(kind.of_type))
        if has_object_definition(kind) and kind.__strawberry_definition__.from_input is None:
            return self._known.get(kind) or self._learn(kind)
        if is_scalar(kind, self._scalars) or isinstance(kind, StrawberryEnumDefinition) or has_enum_definition(kind):
            return _as_it_is
        return lambda value: convert_argument(value, kind, self._scalars, self._config)

    def _learn(self, kind: Any) -> Convert:
        def later(value: Any) -> Any:  # for an input that holds another of its kind
            return self._known[kind](value)

        self._known[kind] = later
        self._known[kind] = self._object(kind)
        return self._known[kind]

    def _object(self, kind: Any) -> Convert:
        definition, name_of = kind.__strawberry_definition__, self._config.name_converter.from_field
        absent = {
            one.python_name: None
            for one in definition.fields
            if one.default_value is MISSING and one.default_factory is MISSING
        }
        parts = [
            (name_of(one), one.python_name, self._of(one.resolve_type(type_definition=definition)))
            for one in definition.fields
        ]

        def convert(value: Any) -> Any:
            if value is None or value is UNSET:
                return value
            found = {python: convert(value[name]) for name, python, convert in parts if name in value}
            return kind(**(absent | found))

        return convert


def _as_it_is(value: Any) -> Any:
    return value


def _listed(item: Convert) -> Convert:
    def convert(value: Any) -> Any:
        return value if value is None or value is UNSET else [item(one) for one in value]

    return convert
