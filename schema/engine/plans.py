"""A plan: how one operation is carried out, for one set of values of the variables that @skip and @include name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType, OperationDefinitionNode, OperationType
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import VariableValues

from schema.compose import ComposedSchema
from schema.engine.compiler import Arguments, Compiler, Group, declaration
from schema.engine.leaves import Write
from schema.engine.trees import Load
from schema.fields import Root


@dataclass(frozen=True, slots=True)
class RootSite:
    """A root field as it stands in an operation; one that is not compiled is graphql-core's to execute."""

    key: str
    group: Group
    root: Root | None = None
    arguments: Arguments | None = None
    tree: Load | None = None
    write: Write | None = None
    typename: str | None = None  #: all there is to say, where that is what was asked


@dataclass(frozen=True, slots=True)
class Plan:
    """The root fields of an operation, in order."""

    type: GraphQLObjectType
    roots: Sequence[RootSite]
    serial: bool
    shared: bool  #: whether its answer is the same for every guest until what it reads is changed


def plan(
    schema: ComposedSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDetails],
    variables: VariableValues,
) -> Plan:
    """Compile an operation that is valid."""
    kind = schema.graphql.get_root_type(operation.operation)
    assert kind is not None
    groups = collect_fields(schema.graphql, dict(fragments), variables, kind, operation).grouped_field_set
    compiler = Compiler(schema, operation, dict(fragments), variables)
    roots = [_root(compiler, kind, key, group) for key, group in groups.items()]
    shared = compiler.shared and all(site.typename or (site.root and site.root.shared) for site in roots)
    return Plan(kind, roots, operation.operation == OperationType.MUTATION, shared)


def _root(compiler: Compiler, kind: GraphQLObjectType, key: str, group: Group) -> RootSite:
    node = group[0].node
    if node.name.value == "__typename":
        return RootSite(key, group, typename=kind.name)
    field = kind.fields.get(node.name.value)
    if field is None:  # introspection
        return RootSite(key, group)
    root: Any = declaration(field).metadata["declared"]
    write = compiler.leaf(field.type)
    tree = compiler.tree(field.type, group) if write is None else None
    return RootSite(key, group, root, compiler.arguments(field, node), tree, write)
