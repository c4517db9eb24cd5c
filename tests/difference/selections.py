"""What is asked for, valid by construction: fields, aliases, fragments, directives, to any depth."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLSchema, get_named_type, is_abstract_type, is_composite_type

from tests.difference.choices import Choices
from tests.difference.inputs import Inputs, Variable
from tests.difference.keys import ALIASES, Keys, Use

DEEPEST = 6
GAPS = (" ", "\n  ", ", ")
INTROSPECTION = (
    "__schema { queryType { name } mutationType { name } }",
    '__type(name: "Money") { name kind fields { name type { kind ofType { name } } } }',
)
Head = tuple[GraphQLField, str]  #: a field with its key and arguments


@dataclass(frozen=True, slots=True)
class Fragment:
    """A named fragment, and what it takes to spread it."""

    name: str
    kind: Any
    text: str
    height: int  #: levels below the spread
    variables: frozenset[Variable]


class Selections:
    """Writes selections, and remembers the fragments and keys of the whole document."""

    def __init__(self, schema: GraphQLSchema, choices: Choices, inputs: Inputs, closed: frozenset[str]) -> None:
        self.fragments: list[Fragment] = []
        self._schema = schema
        self._choices = choices
        self._inputs = inputs
        self._closed = closed
        self._keys = Keys()
        self._left = 3 + choices.below(18)
        self._reached = 0

    def of(self, kind: Any, depth: int = 0) -> str:
        """A selection set of a type."""
        self._reached = max(self._reached, depth)
        gap, several = self._choices.pick(GAPS), 1 + self._choices.below(5)
        heads: list[Head] = []
        return f"{{ {gap.join(self._selection(kind, depth, heads) for _ in range(several))} }}"

    def one(self, kind: Any) -> str | None:
        """A selection set of a single field without directives, as a subscription has to have; None for none."""
        fields = self._fields(kind, 0) if kind is not None else []
        if not fields:
            return None
        self._left -= 1
        field, text = self._head(kind, *self._choices.pick(fields))
        return f"{{ {text} {self.of(get_named_type(field.type), 1)} }}"

    def _selection(self, kind: Any, depth: int, heads: list[Head]) -> str:
        self._left -= 1
        which = self._choices.below(100)
        if which >= (50 if is_abstract_type(kind) else 84) and self._left > 0:
            return self._spread(kind, depth) if which % 2 else self._inline(kind, depth)
        fields = self._fields(kind, depth)
        if which >= 76 or not fields:
            return self._typename(kind)
        if which < 66 or not heads:
            heads.insert(0, self._head(kind, *self._choices.pick(fields)))
            return self._field(heads[0], depth)
        return self._field(self._choices.pick(heads), depth)  # once more, to be merged with the other

    def _fields(self, kind: Any, depth: int) -> list[tuple[str, GraphQLField]]:
        """The fields there are, leaves first; and only leaves where the document has to end."""
        given = getattr(kind, "fields", {}).items()
        leaves = [(name, field) for name, field in given if not is_composite_type(get_named_type(field.type))]
        if self._left < 0 or depth >= DEEPEST:
            return leaves
        return leaves + [one for one in given if one not in leaves and one[0] not in self._closed]

    def _head(self, kind: Any, name: str, field: GraphQLField) -> Head:
        call = name + self._inputs.arguments(field.args)
        alias = self._choices.pick(ALIASES) if self._choices.chance(12) else name
        key = self._keys.take(alias, Use(kind, call, str(field.type)))
        return field, call if key == name else f"{key}: {call}"

    def _field(self, head: Head, depth: int) -> str:
        field, text = head
        kind = get_named_type(field.type)
        below = f" {self.of(kind, depth + 1)}" if is_composite_type(kind) else ""
        return f"{text}{self._directives()}{below}"

    def _typename(self, kind: Any) -> str:
        if kind is self._schema.query_type and self._choices.chance(6):
            return self._choices.pick(INTROSPECTION)
        key = self._keys.take("kind", Use(kind, "__typename", "String!")) if self._choices.chance(30) else "__typename"
        return "__typename" if key == "__typename" else f"{key}: __typename"

    def _inline(self, kind: Any, depth: int) -> str:
        condition = self._choices.pick([None, *self._related(kind)])
        named = f" on {condition}" if condition else ""
        return f"...{named}{self._directives()} {self.of(condition or kind, depth)}"

    def _spread(self, kind: Any, depth: int) -> str:
        related = self._related(kind)
        known = [one for one in self.fragments if one.kind in related and depth + one.height <= DEEPEST]
        fragment = self._choices.pick(known) if known and self._choices.chance(60) else self._fragment(related, depth)
        self._inputs.used |= fragment.variables
        self._reached = max(self._reached, depth + fragment.height)
        return f"...{fragment.name}{self._directives()}"

    def _fragment(self, kinds: list[Any], depth: int) -> Fragment:
        kind = self._choices.pick(kinds)
        used, reached = self._inputs.used, self._reached
        self._inputs.used, self._reached = set(), depth
        text, name = self.of(kind, depth), f"F{len(self.fragments)}"
        made = Fragment(name, kind, text, self._reached - depth, frozenset(self._inputs.used))
        self._inputs.used, self._reached = used, reached
        self.fragments.append(made)
        return made

    def _related(self, kind: Any) -> list[Any]:
        """The type itself, and those that some object of it may also be; possible types before interfaces."""
        possible = self._possible(kind)
        others = [one for one in self._schema.type_map.values() if is_composite_type(one) and one is not kind]
        return [kind, *(one for one in others if not possible.isdisjoint(self._possible(one)))]

    def _possible(self, kind: Any) -> set[Any]:
        return set(self._schema.get_possible_types(kind)) if is_abstract_type(kind) else {kind}

    def _directives(self) -> str:
        words = [word for word in ("skip", "include") if self._choices.chance(5)]
        return "".join(f" @{word}(if: {self._inputs.condition()})" for word in words)
