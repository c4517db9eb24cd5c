"""What a resolver or an attribute may give instead of what was declared; some of it is as good, most of it is not."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from datetime import date
from decimal import Decimal
from enum import IntEnum
from random import Random
from typing import Any

from core.errors import Busy, Forbidden, NotFound


class Odd:
    """An object that is nothing of the kind that is wanted."""

    def __repr__(self) -> str:
        return "Odd()"


class Later:
    """Something that has to be awaited."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        return f"Later({self._value!r})"

    def __await__(self) -> Generator[Any, None, object]:
        yield from ()
        return self._value


class Torn:
    """A list that breaks off."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        yield from self._items
        raise RuntimeError("torn")


async def later(items: list[Any]) -> AsyncIterator[Any]:
    """The items, each to be awaited."""
    for item in items:
        yield item


class Word(str):
    __slots__ = ()


class Digit(IntEnum):
    SEVEN = 7


ANYWHERE: list[Callable[[], Any]] = [
    lambda: None,
    lambda: RuntimeError("a value that is an error"),
    lambda: NotFound(what="thing", path=("input", "id")),
    lambda: Forbidden(permission="none"),
    Busy,
    Odd,
]
#: of a type that is almost right, or a value that is almost within the type
NEAR: dict[str, list[Any]] = {
    "Boolean": [0, 1, 2, 1.0, "true", float("nan")],
    "Float": [3, 2**31, True, "3.5", "", Decimal("0.5"), float("nan"), float("inf")],
    "ID": [7, 7.0, 7.5, True, Word("a"), Digit.SEVEN],
    "Int": [2**31, -(2**31) - 1, True, 3.0, 3.5, "7", "", Digit.SEVEN, Decimal(3)],
    "String": [7, 7.5, True, Word("a"), Digit.SEVEN, b"bytes"],
}
LEAVES: list[Any] = [
    *(True, 7, 2**31, 3.5, float("nan"), Decimal("0.5"), "", "7", "PICKUP", Word("PICKUP"), "pickup", b"bytes", int),
    *([], ["x"], (), {}, {"a": 1}, date(2026, 5, 1), Later("later"), Later(7)),
]
LISTS: list[Callable[[list[Any]], Any]] = [
    tuple,
    deque,
    iter,
    later,
    Torn,
    Later,
    lambda items: dict.fromkeys(range(len(items))),
    lambda items: dict(enumerate(items)).values(),
    lambda items: (item for item in items),
    lambda items: items[0] if items else "none",
    lambda items: [items],
    lambda items: [*items, None],
    lambda _: "text",
    lambda _: 7,
]
OBJECTS: list[Any] = ["text", 7, {}, {"id": "a", "name": "b"}, Decimal(1), Later(None), object]


def anywhere(chance: Random) -> Any:
    """Nothing, an error, or an object out of place."""
    return chance.choice(ANYWHERE)()


def leaf(kind: str, chance: Random) -> Any:
    """A value for a leaf of a type."""
    return chance.choice(NEAR.get(kind, LEAVES) if chance.random() < 0.8 else LEAVES)


def listed(items: list[Any], chance: Random) -> Any:
    """The items in another container, or something that is none."""
    return chance.choice(LISTS)(items)


def thing(chance: Random) -> Any:
    """A value for an object of whatever type."""
    return chance.choice(OBJECTS)
