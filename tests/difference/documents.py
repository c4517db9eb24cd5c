"""Documents over a whole schema."""

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import GraphQLSchema

from tests.difference.choices import Choices
from tests.difference.inputs import Inputs, Variable
from tests.difference.selections import Selections


@dataclass(frozen=True, slots=True)
class Document:
    """A document, and which of its operations is asked for."""

    text: str
    operation_name: str | None
    variables: Sequence[Variable]  #: of that operation
    serial: bool  #: whether it is a mutation


@dataclass(frozen=True, slots=True)
class _Operation:
    kind: str
    name: str | None
    text: str
    variables: Sequence[Variable]


class Author:
    """Writes documents that are valid; root fields that are closed are left out."""

    def __init__(self, schema: GraphQLSchema, choices: Choices, closed: frozenset[str] = frozenset()) -> None:
        self.inputs = Inputs(choices)
        self._schema = schema
        self._choices = choices
        self._selections = Selections(schema, choices, self.inputs, closed)

    def document(self) -> Document:
        """One operation or several, with the fragments they share."""
        several = self._choices.chance(5)
        names = ("First", "Second", "Third") if several else (self._choices.pick((None, "Only")),)
        operations = [self._operation(name) for name in names]
        fragments = [f"fragment {one.name} on {one.kind} {one.text}" for one in self._selections.fragments]
        definitions = [*(one.text for one in operations), *fragments]
        asked = self._choices.pick(operations)
        text = "\n".join(definitions[::-1] if self._choices.chance(30) else definitions)
        named = several or self._choices.chance(50)
        return Document(text, asked.name if named else None, asked.variables, asked.kind == "mutation")

    def _operation(self, name: str | None) -> _Operation:
        kind = "mutation" if self._choices.chance(25) else "query"
        root = self._schema.mutation_type if kind == "mutation" else self._schema.query_type
        self.inputs.used = set()
        followed = self._selections.one(self._schema.subscription_type) if self._choices.chance(5) else None
        kind = "subscription" if followed else kind
        selections = followed or self._selections.of(root)
        variables = sorted(self.inputs.used, key=lambda variable: variable.name)
        declared = f"({', '.join(map(str, variables))})" if variables else ""
        return _Operation(kind, name, f"{kind} {name or ''}{declared}{selections}", variables)
