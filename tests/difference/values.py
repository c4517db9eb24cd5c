"""Values for every type of the schema, rows of core's classes among them, decided by a chance that can be repeated."""

from collections.abc import Collection
from enum import Enum
from random import Random
from typing import Any, get_origin
from zlib import crc32

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
)

from core.errors import DomainError
from schema.errors import Shown, UserError, Warning  # noqa: A004 - the public contract's word
from schema.pages import Connection, Edge, Page
from schema.payloads import Remark
from tests.architecture.surface import declaration
from tests.difference import mishaps, shapes
from tests.difference.plain import NULLS, SCALARS, column

MISSING = 0.2  #: of wrong attributes
#: instead of what is wanted
OTHERS = ("Region", "Category", "Product", "Store", "Location", "Money", "Refund", "PageInfo")
LENGTHS = (0, 1, 1, 1, 2, 2, 3)


class Values:
    """Makes values, and gives so many wrong of those that are asked for."""

    def __init__(self, schema: GraphQLSchema, asked: Collection[str], wrong: float) -> None:
        self._schema = schema
        self._asked = asked  #: names of fields; an error where nobody looks would show nothing
        self._wrong = wrong
        self._seeds: dict[int, tuple[object, int]] = {}  #: by id; the objects stand here so that they keep theirs

    def of(self, kind: Any, chance: Random, *, name: str | None = None) -> Any:
        """A value of an output type, for a field of that name."""
        if self._goes_wrong(name, chance):
            return self._mishap(get_nullable_type(kind), chance)
        if isinstance(kind, GraphQLNonNull):
            return self._present(kind.of_type, chance)
        return None if chance.random() < NULLS else self._present(kind, chance)

    def seed_of(self, value: object) -> int:
        """What the fields of an object are decided by; what a property has made is known by its content."""
        known = self._seeds.get(id(value))
        return known[1] if known else seed(repr(value) if hasattr(value, "__match_args__") else type(value))

    def refusal(self, chance: Random) -> DomainError:
        """A refusal, as a service raises it."""
        kind = chance.choice(self._schema.get_possible_types(self._schema.type_map["UserError"]))  # type: ignore[arg-type]
        return self._refusal(kind, chance)

    def attributes(self, kind: GraphQLObjectType, chance: Random) -> dict[str, Any]:
        """What a type reads off an object, by the names that Python has for it."""
        return {name: self.of(made, chance, name=shown) for name, (shown, made) in shapes.attributes(kind).items()}

    def _goes_wrong(self, name: str | None, chance: Random) -> bool:
        return self._wrong > 0 and (name is None or name in self._asked) and chance.random() < self._wrong

    def _mishap(self, kind: Any, chance: Random) -> Any:
        if chance.random() < 0.2:
            return mishaps.anywhere(chance)
        if is_leaf_type(kind):
            return mishaps.leaf(kind.name, chance)
        if isinstance(kind, GraphQLList):
            return mishaps.listed(self._present(kind, chance), chance)
        other = self._schema.type_map[chance.choice(OTHERS)]
        return self._present(other, chance) if chance.random() < 0.6 else mishaps.thing(chance)

    def _present(self, kind: Any, chance: Random) -> Any:
        if isinstance(kind, GraphQLList):
            return [self.of(kind.of_type, chance) for _ in range(chance.choice(LENGTHS))]
        if isinstance(kind, GraphQLEnumType):
            value = chance.choice(list(kind.values.values())).value
            return value.value if isinstance(value, Enum) and chance.random() < 0.5 else value
        if is_leaf_type(kind):
            return SCALARS[kind.name](chance)
        if is_abstract_type(kind):
            kind = chance.choice(self._schema.get_possible_types(kind))
        made = self._object(kind, declaration(kind).origin, chance)
        self._seeds[id(made)] = made, chance.getrandbits(32)
        return made

    def _object(self, kind: GraphQLObjectType, origin: Any, chance: Random) -> Any:
        if hasattr(origin, "row"):
            return self._row(kind, origin.row, chance)
        if issubclass(origin, UserError):
            return Shown(self._refusal(kind, chance))
        if issubclass(origin, Page):
            return self._page(kind, chance)
        given = self.attributes(kind, chance)
        if origin.__name__.endswith("Edge"):
            return Edge(given["node"], given["cursor"])
        return Remark(**given) if origin is Warning else origin(**given)

    def _page(self, kind: GraphQLObjectType, chance: Random) -> Connection[Any]:
        """A page; its rows may be wrong, but they are a list, since several properties read it."""
        flag = GraphQLNonNull(GraphQLBoolean)
        return Connection(
            nodes=self._present(get_nullable_type(kind.fields["nodes"].type), chance),
            key=lambda row: [self.seed_of(row)],
            has_next_page=self.of(flag, chance, name="hasNextPage"),
            has_previous_page=chance.random() < 0.5,
            count=_never_counted,
            of=None,
        )

    def _row(self, kind: GraphQLObjectType, row: type, chance: Random) -> Any:
        """A row without its constructor, so that any of its columns may be missing."""
        made: Any = object.__new__(row)
        for name, hint in shapes.columns(row).items():
            shown, read = shapes.attributes(kind).get(name, (None, None))
            if self._goes_wrong(shown, chance) and chance.random() < MISSING:
                continue
            value = self.of(read, chance, name=shown) if read else self._column(name, hint, chance)
            if get_origin(hint) is frozenset and isinstance(value, list):
                value = frozenset(value)
            object.__setattr__(made, name, value)
        return made

    def _column(self, name: str, hint: Any, chance: Random) -> Any:
        """What nothing shows, but properties may read."""
        return mishaps.leaf("", chance) if self._goes_wrong(None, chance) else column(name, hint, chance)

    def _refusal(self, kind: GraphQLObjectType, chance: Random) -> DomainError:
        """A refusal that is shown as that type, without the constructor of its class."""
        made = (error.__new__(error, SCALARS["String"](chance)) for error in shapes.refusals())
        refusal = chance.choice([one for one in made if kind.is_type_of(Shown(one), None)])  # type: ignore[arg-type, misc]
        for name, value in self.attributes(kind, chance).items():
            if name not in {"code", "message"}:  # the class has the one, the exception the other
                setattr(refusal, name, value)
        return refusal


def seed(*parts: object) -> int:
    """A number for what these say; the same in every process."""
    return crc32(repr(parts).encode())


async def _never_counted(*_: object) -> list[int]:
    raise AssertionError("the field that counts is a fake, too")
