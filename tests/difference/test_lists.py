"""Lists, with null or an error in them or instead of them."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from tests.difference.marks import CANCELLED
from tests.difference.zoo import BoxRow, NestRow, Zoo, paths

pytestmark = [pytest.mark.anyio, *CANCELLED]

NULLED = [1, None, 2]
LOST = "lost"  #: the whole box, since what stands in it must not be null
ITEM, LIST = ["box", "it", 1], ["box", "it"]  #: where the error is
TYPES = ("maybe", "some", "full", "strict")  #: [Int], [Int]!, [Int!], [Int!]!

#: a value; what becomes of it under each type; where the error is, if there is one under that type
OUTCOMES: dict[str, tuple[Callable[[], Any], list[Any], list[Any]]] = {
    "values": (lambda: [1, 2], [[1, 2], [1, 2], [1, 2], [1, 2]], [None, None, None, None]),
    "nothing": (list, [[], [], [], []], [None, None, None, None]),
    "a null": (lambda: [1, None, 2], [NULLED, NULLED, None, LOST], [None, None, ITEM, ITEM]),
    "null": (lambda: None, [None, LOST, None, LOST], [None, LIST, None, LIST]),
    "an error": (lambda: [1, KeyError("x"), 2], [NULLED, NULLED, None, LOST], [ITEM, ITEM, ITEM, ITEM]),
    "only an error": (lambda: KeyError("x"), [None, LOST, None, LOST], [LIST, LIST, LIST, LIST]),
    "a wrong leaf": (lambda: [1, "x", 2], [NULLED, NULLED, None, LOST], [ITEM, ITEM, ITEM, ITEM]),
}


async def later(items: list[int]) -> AsyncIterator[int]:
    for item in items:
        yield item


def torn(items: list[int]) -> Iterator[int]:
    yield from items
    raise OSError("torn")


@pytest.mark.parametrize("late", [False, True], ids=["attribute", "loaded"])
@pytest.mark.parametrize("kind", range(4), ids=TYPES)
@pytest.mark.parametrize("case", OUTCOMES)
async def test_null_goes_up_as_far_as_types_forbid_it(zoo: Zoo, case: str, kind: int, late: bool) -> None:
    make, outcomes, errors = OUTCOMES[case]
    field = f"late{TYPES[kind].capitalize()}" if late else TYPES[kind]
    response = await zoo.run(f"{{ box {{ it: {field} }} }}", BoxRow(make()))
    assert response["data"]["box"] == (None if outcomes[kind] == LOST else {"it": outcomes[kind]})
    assert paths(response) == ([errors[kind]] if errors[kind] else [])


ITERABLES: list[Callable[[list[int]], Any]] = [
    tuple,
    set,
    deque,
    iter,
    later,
    lambda items: dict.fromkeys(items).keys(),
]


@pytest.mark.parametrize("make", ITERABLES)
async def test_whatever_can_be_iterated_is_a_list(zoo: Zoo, make: Callable[[list[int]], Any]) -> None:
    boxes = [BoxRow([1]), BoxRow(make([1, 2]))]
    response = await zoo.run("{ boxes { strict } }", boxes)
    assert response == {"data": {"boxes": [{"strict": [1]}, {"strict": [1, 2]}]}}


@pytest.mark.parametrize("make", [lambda: "text", lambda: {"a": 1}, lambda: 7, object, lambda: torn([1, 2])])
async def test_what_is_no_list_is_an_error_of_the_field(zoo: Zoo, make: Callable[[], Any]) -> None:
    boxes = [BoxRow(make()), BoxRow([3])]
    response = await zoo.run("{ boxes { full } }", boxes)
    assert response["data"] == {"boxes": [{"full": None}, {"full": [3]}]}
    assert paths(response) == [["boxes", 0, "full"]]


async def test_lists_of_a_level_are_told_apart(zoo: Zoo) -> None:
    boxes = [
        BoxRow(nests=[NestRow("a"), None, NestRow("b")]),
        None,
        BoxRow(nests=[]),
        BoxRow(nests=None),
        BoxRow(nests=(NestRow(None), NestRow("c"))),
    ]
    response = await zoo.run("{ boxes { nests { word lateWord } } }", boxes)
    told: list[Any] = [
        {"nests": [{"word": "a", "lateWord": "a"}, None, {"word": "b", "lateWord": "b"}]},
        None,
        {"nests": []},
        {"nests": None},
        {"nests": [{"word": None, "lateWord": None}, {"word": "c", "lateWord": "c"}]},
    ]
    assert response == {"data": {"boxes": told}}


async def test_lists_of_lists(zoo: Zoo) -> None:
    response = await zoo.run("{ box { grid } }", BoxRow(grid=[[1, None], None, [], (2,)]))
    assert response == {"data": {"box": {"grid": [[1, None], None, [], [2]]}}}
    response = await zoo.run("{ box { grid } }", BoxRow(grid=[[1, "x"], 7, [2]]))
    assert response["data"] == {"box": {"grid": [[1, None], None, [2]]}}
    assert paths(response) == [["box", "grid", 0, 1], ["box", "grid", 1]]
