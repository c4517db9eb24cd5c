"""The definitions of a document, walked through once without recursion: whoever nests deeply meets no stack."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    StringValueNode,
    ValueNode,
)

Definition: TypeAlias = OperationDefinitionNode | FragmentDefinitionNode

_INTROSPECTION = {"__schema", "__type"}


class Part:
    """What an operation or a fragment selects: first by itself, then with what it spreads."""

    __slots__ = ("aliases", "depth", "fields", "introspects", "root_fields", "spreads")

    def __init__(self) -> None:
        self.depth = 0
        self.aliases = 0
        self.root_fields = 0
        self.fields = 0
        self.introspects = False
        self.spreads: list[tuple[str, int]] = []  #: the fragments, and how many fields each is nested in

    def add(self, node: FieldNode, around: int) -> bool:
        """Count a field that is nested in so many others; False where nothing in it is counted."""
        self.fields += 1
        self.depth = max(self.depth, around + 1)
        if node.alias is not None:
            self.aliases += 1
        if around == 0:
            self.root_fields += 1
            if node.name.value in _INTROSPECTION:
                self.introspects = True
                return False
        return True

    def inner(self, fragments: Mapping[str, "Part"]) -> list[str]:
        """The fragments that it spreads, of those that there are."""
        return [name for name, _ in self.spreads if name in fragments]

    def absorb(self, fragments: Mapping[str, "Part"]) -> None:
        """Add what its spreads bring, as often as they do; a fragment that is not known brings nothing."""
        for name, around in self.spreads:
            inner = fragments.get(name)
            if inner is not None:
                self.fields += inner.fields
                self.aliases += inner.aliases
                self.depth = max(self.depth, around + inner.depth)
                self.introspects |= inner.introspects
                if around == 0:
                    self.root_fields += inner.root_fields


class Written:
    """What stands in a document as it is written: once, however often it is spread."""

    __slots__ = ("directives", "directives_per_node", "fragments", "list_items", "spreads", "text")

    def __init__(self) -> None:
        self.directives = 0
        self.directives_per_node = 0
        self.fragments = 0
        self.spreads = 0
        self.list_items = 0
        self.text = 0

    def read(self, definition: Definition) -> Part:
        """Walk through one definition."""
        part = Part()
        self._head(definition)
        pending: list[tuple[Sequence[SelectionNode], int]] = [(definition.selection_set.selections, 0)]
        while pending:
            selections, around = pending.pop()
            for node in selections:
                self._directives(node.directives)
                if isinstance(node, FieldNode):
                    if part.add(node, around):
                        self._arguments(node.arguments)
                        if node.selection_set is not None:
                            pending.append((node.selection_set.selections, around + 1))
                elif isinstance(node, InlineFragmentNode):
                    pending.append((node.selection_set.selections, around))
                elif isinstance(node, FragmentSpreadNode):
                    self.spreads += 1
                    part.spreads.append((node.name.value, around))
        return part

    def _head(self, definition: Definition) -> None:
        self.fragments += isinstance(definition, FragmentDefinitionNode)
        self._directives(definition.directives)
        for variable in definition.variable_definitions or ():
            self._directives(variable.directives)
            if variable.default_value is not None:
                self._values([variable.default_value])

    def _directives(self, directives: Sequence[DirectiveNode] | None) -> None:
        if directives:
            self.directives += len(directives)
            self.directives_per_node = max(self.directives_per_node, len(directives))
            for directive in directives:
                self._arguments(directive.arguments)

    def _arguments(self, arguments: Sequence[ArgumentNode] | None) -> None:
        if arguments:
            self._values([argument.value for argument in arguments])

    def _values(self, pending: list[ValueNode]) -> None:
        while pending:
            value = pending.pop()
            if isinstance(value, StringValueNode):
                self.text = max(self.text, len(value.value))
            elif isinstance(value, ListValueNode):
                self.list_items = max(self.list_items, len(value.values))
                pending.extend(value.values)
            elif isinstance(value, ObjectValueNode):
                pending.extend(field.value for field in value.fields)


def expand(operations: Sequence[Part], fragments: Mapping[str, Part]) -> None:
    """Add to each operation, and before it to the fragments that it reaches, what their spreads bring."""
    done: dict[str, Part] = {}
    for name in _inside_out(operations, fragments):
        fragments[name].absorb(done)
        done[name] = fragments[name]
    for operation in operations:
        operation.absorb(done)


def _inside_out(operations: Sequence[Part], fragments: Mapping[str, Part]) -> Iterable[str]:
    """Each fragment after those that it spreads; a circle is cut where it closes, since validation will refuse it."""
    entered: set[str] = set()
    left: dict[str, None] = {}
    pending = [name for part in operations for name in part.inner(fragments)]
    while pending:
        name = pending[-1]
        if name in entered:
            left.setdefault(pending.pop())
        else:
            entered.add(name)
            pending += [inner for inner in fragments[name].inner(fragments) if inner not in entered]
    return left
