"""Puts the schema together from modules: core's own and those of the plugins."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from types import ModuleType
from typing import TypeVar

import strawberry
from graphql import GraphQLField, GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.contributions import Contribution, mark
from schema.directives import AccessDirective, PluginDirective
from schema.errors import fill_error_codes
from schema.fields import Relation, Root
from schema.inputs import Inputs
from schema.resolving import relation_field, root_field
from schema.scalars import SCALARS

_ROOTS = ("Query", "Mutation", "Subscription")
Kind = TypeVar("Kind")


class ComposedSchema(strawberry.Schema):
    """A schema whose types may have been given fields by other modules than their own."""

    contributed: dict[type, list[StrawberryField]]

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of its interfaces, those a type declares, then those declared for it."""
        lineage = type_definition.origin.__mro__
        declared_for_it = [(kind, field) for kind in lineage for field in self.contributed.get(kind, [])]
        _refuse_twice(type_definition, [field for _, field in declared_for_it])
        _require_attributes(type_definition)
        of_interfaces = [field for kind, field in declared_for_it if _is_interface(kind)]
        of_types = [field for kind, field in declared_for_it if not _is_interface(kind)]
        return [*of_interfaces, *type_definition.fields, *of_types]

    @property
    def graphql(self) -> GraphQLSchema:
        """The same schema as graphql-core has it."""
        return self._schema

    @cached_property
    def inputs(self) -> Inputs:
        """How arguments become what resolvers take."""
        return Inputs(self.schema_converter.scalar_registry, self.config)

    @property
    def mutation_fields(self) -> dict[str, GraphQLField]:
        """The fields of Mutation as graphql-core has them."""
        mutation = self._schema.mutation_type
        assert mutation is not None
        fields: dict[str, GraphQLField] = mutation.fields
        return fields


def compose(modules: Sequence[ModuleType], contributions: Iterable[Contribution] = ()) -> ComposedSchema:
    """The schema that these modules and plugins declare together; the same for any order of plugins."""
    contributions = sorted(contributions, key=lambda one: one.plugin.name)
    for contribution in contributions:
        mark(contribution)
        modules = [*modules, *contribution.modules]
    fill_error_codes({one.plugin.name for one in contributions})
    ComposedSchema.contributed = _relations(modules)
    roots = {kind: _roots(modules, kind) for kind in ("query", "mutation", "subscription")}
    return ComposedSchema(
        query=create_type("Query", roots["query"], description="Everything that can be read."),
        mutation=_root_type("Mutation", roots["mutation"], "Everything that can be done."),
        subscription=_root_type("Subscription", roots["subscription"], "Everything that can be followed."),
        types=[*_types(modules), AccessDirective, PluginDirective],
        config=StrawberryConfig(scalar_map=SCALARS, info_class=strawberry.Info),
    )


def _root_type(name: str, fields: list[StrawberryField], description: str) -> type | None:
    """What a brand's plugins or a test compose may do nothing at all."""
    return create_type(name, fields, description=description) if fields else None


def _declared(modules: Iterable[ModuleType], kind: type[Kind]) -> Iterable[Kind]:
    """Everything of a kind that the modules themselves declare, and not what they import."""
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, kind) and _home(value) == module.__name__:
                yield value


def _home(value: object) -> str:
    return value.resolve.__module__ if isinstance(value, Relation | Root) else getattr(value, "__module__", "")


def _relations(modules: Sequence[ModuleType]) -> dict[type, list[StrawberryField]]:
    fields: dict[type, list[StrawberryField]] = {}
    for relation in _declared(modules, Relation):
        owned = fields.setdefault(relation.owner, [])
        if relation.name in {known.python_name for known in owned}:
            raise ValueError(f"{relation.owner.__name__}.{relation.name} is declared twice")
        owned.append(relation_field(relation))
    return fields


def _roots(modules: Sequence[ModuleType], kind: str) -> list[StrawberryField]:
    roots = [root for root in _declared(modules, Root) if root.kind == kind]
    names = [root.name for root in roots]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two modules declare the {kind} {name}")
    return [root_field(root) for root in roots]


def _types(modules: Sequence[ModuleType]) -> list[type]:
    """Object types by themselves: those that only an interface leads to are found no other way."""
    return [found for found in _declared(modules, type) if _is_output(found)]


def _is_output(kind: type) -> bool:
    definition = kind.__dict__.get("__strawberry_definition__")
    return isinstance(definition, StrawberryObjectDefinition) and bool(definition.interfaces)


def _is_interface(kind: type) -> bool:
    definition = kind.__dict__.get("__strawberry_definition__")
    return isinstance(definition, StrawberryObjectDefinition) and definition.is_interface


def _refuse_twice(definition: StrawberryObjectDefinition, added: Sequence[StrawberryField]) -> None:
    """A field that another module declares must not take the place of one that is there."""
    own = {field.python_name for field in definition.fields}
    for field in added:
        if field.python_name in own:
            raise ValueError(f"{definition.name}.{field.python_name} is declared twice")


def _require_attributes(definition: StrawberryObjectDefinition) -> None:
    """A field of a type is read off the row, so the row must have it; one that has to be resolved is @batched."""
    row = getattr(definition.origin, "row", None)
    for field in definition.fields:
        if not field.is_basic_field and definition.name not in _ROOTS:
            raise ValueError(
                f"{definition.name}.{field.python_name} has a resolver of its own: declare it with @batched"
            )
        if row is not None and field.is_basic_field and not hasattr(row, field.python_name):
            raise ValueError(f"{definition.name}.{field.python_name} is no attribute of {row.__name__}")
