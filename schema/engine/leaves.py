"""Leaves: a whole column of values is checked and written at once, as graphql-core would write each."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, islice
from math import isfinite
from types import GeneratorType, NoneType
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)
from graphql.pyutils import Undefined

Column = Sequence[Any]
Write = Callable[[Column], Column]

_INT = 2**31
_LISTS = {list, tuple, set, frozenset}
_NOTHING = {NoneType, type(Undefined)}


class Unexpected(Exception):
    """A value that only graphql-core can judge."""


def leaf(kind: GraphQLLeafType, *, nullable: bool) -> Write:
    """How a column of that type is written."""
    if kind in _WRITTEN_AS_THEY_ARE:
        return _as_they_are(kind, _WRITTEN_AS_THEY_ARE[kind], nullable=nullable)
    if kind in _CHECKED:
        write = _checked(kind, *_CHECKED[kind])
    else:
        write = _named(kind) if isinstance(kind, GraphQLEnumType) else _one_by_one(kind)
    return or_null(write) if nullable else write


def listed(write: Write) -> Write:
    """A column of lists: written flat, then cut again; lists that nothing had to change stay the ones they are."""

    def write_lists(values: Column) -> Column:
        flat = list(chain.from_iterable(lists(values)))
        written = write(flat)
        return values if written is flat and set(map(type, values)) <= {list} else cut(written, values)

    return write_lists


def lists(values: Column) -> Column:
    """The values, if all of them are lists."""
    if not set(map(type, values)) <= _LISTS:
        raise Unexpected
    return values


def cut(flat: Column, like: Column) -> Column:
    """A flat column in pieces as long as those it was made of."""
    rest = iter(flat)
    return [list(islice(rest, len(piece))) for piece in like]


def spread(values: Column, like: Column) -> Column:
    """Values with nulls put back where they were."""
    rest = iter(values)
    return [None if value is None else next(rest) for value in like]


@lru_cache(maxsize=1024)
def odd(kind: type) -> bool:
    """Whether values of a class are no results but errors, nothing, or still to be awaited."""
    return kind in _NOTHING or issubclass(kind, BaseException | GeneratorType) or hasattr(kind, "__await__")


def _as_they_are(kind: GraphQLLeafType, plain: type, *, nullable: bool) -> Write:
    expected = {plain, NoneType} if nullable else {plain}
    others = _one_by_one(kind)
    slowly = or_null(others) if nullable else others

    def write(values: Column) -> Column:
        return values if set(map(type, values)) <= expected else slowly(values)

    return write


def _checked(kind: GraphQLLeafType, plain: type, fits: Callable[[Column], bool]) -> Write:
    slowly = _one_by_one(kind)

    def write(values: Column) -> Column:
        return values if set(map(type, values)) <= {plain} and fits(values) else slowly(values)

    return write


def _named(kind: GraphQLEnumType) -> Write:
    """The names of an enum's values; rows hold words, of which there are no more than the enum has."""
    names: dict[str, str] = {}
    slowly = _one_by_one(kind)

    def write(values: Column) -> Column:
        try:
            return [names[value] for value in values]
        except (KeyError, TypeError):
            written = slowly(values)
        names.update((value, name) for value, name in zip(values, written, strict=True) if isinstance(value, str))
        return written

    return write


def _one_by_one(kind: GraphQLLeafType) -> Write:
    def write(values: Column) -> Column:
        if any(map(odd, set(map(type, values)))):
            raise Unexpected
        written = [kind.coerce_output_value(value) for value in values]
        if any(value is None or value is Undefined for value in written):
            raise Unexpected
        return written

    return write


def or_null(write: Write) -> Write:
    def write_present(values: Column) -> Column:
        present = [value for value in values if value is not None]
        return write(values) if len(present) == len(values) else spread(write(present), values)

    return write_present


def _int_range(values: Column) -> bool:
    return not values or (min(values) >= -_INT and max(values) < _INT)


def _finite(values: Column) -> bool:
    return all(map(isfinite, values))


_WRITTEN_AS_THEY_ARE: dict[GraphQLLeafType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
_CHECKED: dict[GraphQLLeafType, tuple[type, Callable[[Column], bool]]] = {
    GraphQLInt: (int, _int_range),
    GraphQLFloat: (float, _finite),
}
