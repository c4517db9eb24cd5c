"""What plugins bring into the schema: marked as theirs, and held to the contract of names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)
from strawberry.types.base import StrawberryObjectDefinition

from core.extensions import Plugin, plugin_of
from schema.directives import PluginDirective

DECLARATION = "strawberry-definition"  #: where Strawberry leaves what a type or field was made from
ROOTS = ("Query", "Mutation", "Subscription")


@dataclass(frozen=True, slots=True)
class Contribution:
    """The modules that one plugin declares its part of the schema in."""

    plugin: Plugin
    modules: Sequence[ModuleType]


def mark(contribution: Contribution) -> None:
    """Have every type that a plugin declares say so in the printed schema."""
    directive = PluginDirective(name=contribution.plugin.name)
    for kind in _declared(contribution):
        definition = kind.__strawberry_definition__
        others = [one for one in definition.directives or () if not isinstance(one, PluginDirective)]
        definition.directives = [*others, directive]


def _declared(contribution: Contribution) -> Iterator[Any]:
    for module in contribution.modules:
        for value in vars(module).values():
            if getattr(value, "__module__", "") == module.__name__ and hasattr(value, "__strawberry_definition__"):
                yield value


def faults(types: dict[str, GraphQLNamedType], plugin: Plugin) -> Iterator[str]:
    """What a plugin's part of a schema lacks, a sentence each."""
    first = plugin.prefix[0].upper() + plugin.prefix[1:]
    for kind in types.values():
        own = _owner(kind) == plugin.name
        if own and not kind.name.startswith(first):
            yield f"the type {kind.name} has to begin with {first}"
        if own and not (kind.description or "").strip():
            yield f"the type {kind.name} has no description"
        for name, field in _fields(kind).items():
            if own or plugin_of(_module(field)) == plugin.name:
                yield from _faults_of_field(kind, name, field, plugin, own=own)


def _faults_of_field(
    kind: GraphQLNamedType, name: str, field: GraphQLField, plugin: Plugin, *, own: bool
) -> Iterator[str]:
    place = f"{kind.name}.{name}"
    if not (field.description or "").strip():
        yield f"{place} has no description"
    if not own and not _begins(name, plugin.prefix):
        yield f"{place} has to begin with {plugin.prefix}"
    if not own and kind.name not in ROOTS and is_non_null_type(field.type):
        # a brand without the plugin would lose the whole object, since there is nothing to put there
        yield f"{place} has to be nullable: where the plugin is off there is nothing to give"
    if _is_list_of_objects(field) and not kind.name.endswith(("Payload", "Connection")) and not _cost(field):
        yield f"{place} is a list of objects and has no cost"


def _begins(name: str, prefix: str) -> bool:
    """A whole word of it: `giftWrapPaper`, not `giftWrapper`, begins with `giftWrap`."""
    rest = name.removeprefix(prefix)
    return name.startswith(prefix) and not rest[:1].islower()


def _is_list_of_objects(field: GraphQLField) -> bool:
    return is_list_type(get_nullable_type(field.type)) and is_composite_type(get_named_type(field.type))


def _cost(field: GraphQLField) -> int:
    made = field.extensions.get(DECLARATION)
    return int(made.metadata.get("cost") or 0) if made is not None else 0


def _fields(kind: GraphQLNamedType) -> dict[str, GraphQLField]:
    return dict(kind.fields) if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else {}


def _owner(kind: GraphQLNamedType) -> str | None:
    """The plugin whose module declares a type."""
    made = kind.extensions.get(DECLARATION)
    origin = made.origin if isinstance(made, StrawberryObjectDefinition) else getattr(made, "wrapped_cls", None)
    return plugin_of(getattr(origin, "__module__", ""))


def _module(field: GraphQLField) -> str:
    """The module that a field was declared in, where that is by a function."""
    made = field.extensions.get(DECLARATION)
    declared = made.metadata.get("declared") if made is not None else None
    return declared.resolve.__module__ if declared is not None else ""
