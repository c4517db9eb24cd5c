"""Arguments of a document, as literals and variables that are valid where they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_nullable_type,
)
from graphql.pyutils import Undefined

from tests.architecture.surface import takes_one
from tests.difference.choices import Choices

Slot = GraphQLArgument | GraphQLInputField  #: what a value is given for
Value = tuple[str, Any]  #: as a document writes it, and as the JSON of a variable
CONDITION = GraphQLArgument(GraphQLNonNull(GraphQLBoolean))

SCALARS: dict[str, list[Value]] = {
    "Boolean": [("true", True), ("false", False)],
    "DateTime": [
        ('"2026-05-01T10:00:00+08:00"', "2026-05-01T10:00:00+08:00"),
        ('"1999-12-31T23:59:59.5Z"', "1999-12-31T23:59:59.5Z"),
    ],
    "Decimal": [('"39.90"', "39.90"), ('"39.9"', "39.9"), ("12", 12), ("0.5", 0.5), ('"-1E+3"', "-1E+3")],
    "Float": [("0", 0), ("31.25", 31.25), ("-1e2", -100.0), ("121", 121)],
    "H3Cell": [('"8a4118d6a2affff"', "8a4118d6a2affff")],
    "ID": [('"a"', "a"), ("7", 7), ('"U3RvcmU6"', "U3RvcmU6"), ('""', "")],
    "Int": [("1", 1), ("0", 0), ("-5", -5), ("2147483647", 2**31 - 1)],
    "JSON": [("{a: [1, null]}", {"a": [1, None]}), ('"x"', "x")],
    "String": [('"milk"', "milk"), ('""', ""), ('"牛奶\\n\\u00e9\\""', '牛奶\né"'), ('"""a\n  "b"\n"""', "a\n  b")],
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as operations declare it."""

    name: str
    kind: GraphQLInputType
    default: str | None

    def __str__(self) -> str:
        return f"${self.name}: {self.kind}" + (f" = {self.default}" if self.default is not None else "")

    @property
    def required(self) -> bool:
        """Whether every request has to give it."""
        return isinstance(self.kind, GraphQLNonNull) and self.default is None

    def fits(self, slot: Slot) -> bool:
        """Whether it may stand where a value is expected."""
        own, wanted = str(self.kind), str(slot.type)
        if own in {wanted, f"{wanted}!"}:
            return True
        defaulted = slot.default_value is not Undefined or self.default not in {None, "null"}
        return wanted == f"{own}!" and defaulted


class Inputs:
    """Writes values, and remembers the variables of the whole document."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._declared: list[Variable] = []
        self.used: set[Variable] = set()  #: by what is being written now

    def arguments(self, slots: dict[str, GraphQLArgument]) -> str:
        """The arguments of a field: all that are required, some of the others."""
        given = self._members(slots, constant=False)
        return f"({', '.join(f'{name}: {value[0]}' for name, value in given.items())})" if given else ""

    def condition(self) -> str:
        """What a directive depends on."""
        return self._value(CONDITION, constant=False)[0]

    def json(self, variable: Variable) -> Any:
        """What a request says for a variable."""
        return self._written(variable.kind, constant=True)[1]

    def _members(self, slots: Mapping[str, Slot], *, constant: bool) -> dict[str, Value]:
        return {
            name: self._value(slot, constant=constant)
            for name, slot in slots.items()
            if _required(slot) or self._choices.chance(35)
        }

    def _value(self, slot: Slot, *, constant: bool) -> Value:
        if not constant and self._choices.chance(25):
            return self._variable(slot), None
        return self._written(slot.type, constant=constant)

    def _written(self, kind: GraphQLInputType, *, constant: bool) -> Value:
        if isinstance(kind, GraphQLNonNull):
            return self._present(kind.of_type, constant=constant)
        return ("null", None) if self._choices.chance(10) else self._present(kind, constant=constant)

    def _present(self, kind: Any, *, constant: bool) -> Value:
        if isinstance(kind, GraphQLList):
            return self._list(kind, constant=constant)
        if isinstance(kind, GraphQLInputObjectType):
            members = self._members(self._some(kind), constant=constant)
            text = ", ".join(f"{name}: {value[0]}" for name, value in members.items())
            return f"{{{text}}}", {name: value[1] for name, value in members.items()}
        if isinstance(kind, GraphQLEnumType):
            word = self._choices.pick(list(kind.values))
            return word, word
        return self._choices.pick(SCALARS[kind.name])

    def _some(self, kind: GraphQLInputObjectType) -> Mapping[str, Slot]:
        """The fields that may be given: where it has to be one, that one, which then is required."""
        if not takes_one(kind):
            return dict(kind.fields)
        name = self._choices.pick(list(kind.fields))
        return {name: GraphQLInputField(GraphQLNonNull(kind.fields[name].type))}

    def _list(self, kind: Any, *, constant: bool) -> Value:
        if self._choices.chance(15):  # one value stands for a list of it
            return self._present(get_nullable_type(kind.of_type), constant=constant)
        item = GraphQLArgument(kind.of_type)
        items = [self._value(item, constant=constant) for _ in range(self._choices.below(4))]
        return f"[{', '.join(text for text, _ in items)}]", [value for _, value in items]

    def _variable(self, slot: Slot) -> str:
        known = [variable for variable in self._declared if variable.fits(slot)]
        variable = self._choices.pick(known) if known and self._choices.chance(50) else self._declare(slot.type)
        self.used.add(variable)
        return f"${variable.name}"

    def _declare(self, wanted: GraphQLInputType) -> Variable:
        """A variable of the type that is wanted, or of one that is as good there."""
        loose = wanted.of_type if isinstance(wanted, GraphQLNonNull) else wanted
        kind, default = wanted, None
        if self._choices.chance(40):
            kind, default = loose, self._present(loose, constant=True)[0]
        elif self._choices.chance(30):
            kind = GraphQLNonNull(loose)
        self._declared.append(Variable(f"v{len(self._declared)}", kind, default))
        return self._declared[-1]


def _required(slot: Slot) -> bool:
    return isinstance(slot.type, GraphQLNonNull) and slot.default_value is Undefined
