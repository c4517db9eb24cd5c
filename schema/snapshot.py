"""The schema as it is printed and committed: core's whole, and of each plugin what it brings."""

from collections.abc import Iterator
from pathlib import Path

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    StringValueNode,
    parse,
    print_ast,
)

from schema.compose import ComposedSchema, compose
from schema.modules import MODULES

SNAPSHOT = Path(__file__).with_name("schema.graphql")


def printed() -> str:
    """Core's schema in GraphQL's own language."""
    return f"{compose(MODULES).as_str()}\n"


def printed_of(schema: ComposedSchema, plugin: str) -> str:
    """What a plugin brings: its types, and what it adds to the types of core."""
    definitions = parse(schema.as_str()).definitions
    return f"{print_ast(DocumentNode(definitions=tuple(_brought(definitions, plugin))))}\n"


def _brought(definitions: tuple[DefinitionNode, ...], plugin: str) -> Iterator[DefinitionNode]:
    for node in definitions:
        if _is_of(getattr(node, "directives", None) or (), plugin):
            yield node
        elif isinstance(node, ObjectTypeDefinitionNode):
            fields = tuple(field for field in node.fields or () if _is_of(field.directives or (), plugin))
            if fields:
                yield ObjectTypeExtensionNode(name=node.name, fields=fields, directives=(), interfaces=())
        elif isinstance(node, EnumTypeDefinitionNode) and node.name.value == "ErrorCode":
            codes = tuple(value for value in node.values or () if value.name.value.startswith(f"{plugin.upper()}_"))
            if codes:
                yield EnumTypeExtensionNode(name=node.name, values=codes, directives=())


def _is_of(directives: tuple[ConstDirectiveNode, ...], plugin: str) -> bool:
    return any(
        isinstance(argument.value, StringValueNode) and argument.value.value == plugin
        for directive in directives
        if directive.name.value == "plugin"
        for argument in directive.arguments or ()
    )
