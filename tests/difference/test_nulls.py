"""Null and errors, where null may be and where not."""

import re
from typing import Any

import pytest

from tests.difference.marks import CANCELLED
from tests.difference.zoo import NestRow, Zoo, paths

pytestmark = [pytest.mark.anyio, *CANCELLED]

BROKEN = KeyError("broken")
READ = re.compile(r"\b(?:word|strictWord|nest|strictNest)\b")


@pytest.fixture(params=[False, True], ids=["attributes", "loaded"])
def late(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def reading(document: str, *, late: bool) -> str:
    """The document, with its fields under the same keys loaded instead of read off the row."""
    replaced = document
    if late:
        replaced = READ.sub(lambda word: f"{word[0]}: late{word[0][0].upper()}{word[0][1:]}", document)
    return f"{{ nest {{ {replaced} }} }}"


def fully(depth: int, **given: Any) -> NestRow:
    """A nest that has everything in it, so deep, and at the bottom what is given."""
    if depth == 0:
        return NestRow(**({"word": "w", "strict_word": "s"} | given))
    return NestRow("w", "s", fully(depth - 1, **given), fully(depth - 1, **given))


@pytest.mark.parametrize("wrong", [None, BROKEN], ids=["null", "error"])
async def test_a_nullable_field_is_null_alone(zoo: Zoo, wrong: Any, late: bool) -> None:
    response = await zoo.run(reading("word strictWord", late=late), NestRow(wrong, "s"))
    assert response["data"] == {"nest": {"word": None, "strictWord": "s"}}
    assert paths(response) == ([["nest", "word"]] if wrong else [])


@pytest.mark.parametrize("wrong", [None, BROKEN], ids=["null", "error"])
async def test_a_field_that_must_not_be_null_takes_its_object_along(zoo: Zoo, wrong: Any, late: bool) -> None:
    response = await zoo.run(reading("word strictWord", late=late), NestRow("w", wrong))
    assert response["data"] == {"nest": None}
    assert paths(response) == [["nest", "strictWord"]]


@pytest.mark.parametrize("wrong", [None, BROKEN], ids=["null", "error"])
async def test_null_stops_at_the_first_field_that_may_be_null(zoo: Zoo, wrong: Any, late: bool) -> None:
    row = NestRow(word="w", nest=NestRow(strict_nest=NestRow(strict_nest=NestRow(strict_word=wrong))))
    document = reading("word nest { strictNest { word strictNest { strictWord } } }", late=late)
    response = await zoo.run(document, row)
    assert response["data"] == {"nest": {"word": "w", "nest": None}}
    assert paths(response) == [["nest", "nest", "strictNest", "strictNest", "strictWord"]]


@pytest.mark.parametrize("wrong", [None, BROKEN], ids=["null", "error"])
async def test_null_goes_up_to_the_top(zoo: Zoo, wrong: Any, late: bool) -> None:
    document = reading("strictNest { strictNest { strictWord } }", late=late).replace("nest", "strictNest", 1)
    row = NestRow(strict_nest=NestRow(strict_nest=NestRow(strict_word=wrong)))
    response = await zoo.run(document, row)
    assert response["data"] is None
    assert paths(response) == [["strictNest", "strictNest", "strictNest", "strictWord"]]


async def test_a_tree_of_nullable_fields_loses_only_what_is_wrong(zoo: Zoo, late: bool) -> None:
    leaves = "word strictNest { word } nest { word }"
    document = reading(f"{leaves} nest {{ {leaves} nest {{ {leaves} }} strictNest {{ {leaves} }} }}", late=late)
    response = await zoo.run(document, fully(3, word=BROKEN))
    bottom = {"word": "w", "strictNest": {"word": None}, "nest": {"word": None}}
    inner = {"word": "w", "strictNest": bottom, "nest": bottom}
    assert response["data"] == {"nest": {"word": "w", "strictNest": {"word": "w"}, "nest": inner}}
    ends = [(one, other) for one in ("nest", "strictNest") for other in ("nest", "strictNest")]
    assert paths(response) == [["nest", "nest", one, other, "word"] for one, other in ends]


async def test_wrong_things_beside_each_other_are_all_told(zoo: Zoo, late: bool) -> None:
    row = NestRow(word=BROKEN, nest=NestRow(word=BROKEN, strict_word="s"), strict_nest=NestRow("w", None))
    response = await zoo.run(reading("word nest { word strictWord }", late=late), row)
    assert response["data"] == {"nest": {"word": None, "nest": {"word": None, "strictWord": "s"}}}
    assert paths(response) == [["nest", "nest", "word"], ["nest", "word"]]


async def test_of_several_that_take_the_object_along_one_is_told(zoo: Zoo, late: bool) -> None:
    row = NestRow(strict_word=BROKEN, strict_nest=NestRow(strict_word=None))
    response = await zoo.run(reading("strictWord strictNest { strictWord }", late=late), row)
    assert response["data"] == {"nest": None}
    assert [path[0] for path in paths(response)] == ["nest"]


async def test_the_objects_of_a_level_fail_one_by_one(zoo: Zoo, late: bool) -> None:
    document = reading("word nest { strictWord }", late=late).replace("nest", "nests", 1)
    rows = [NestRow("a", nest=NestRow(strict_word="x")), NestRow("b", nest=NestRow()), None, NestRow(BROKEN)]
    response = await zoo.run(document, rows)
    assert response["data"]["nests"] == [
        {"word": "a", "nest": {"strictWord": "x"}},
        {"word": "b", "nest": None},
        None,
        {"word": None, "nest": None},
    ]
    assert paths(response) == [["nests", 1, "nest", "strictWord"], ["nests", 3, "word"]]


async def test_a_root_field_fails_without_the_others(zoo: Zoo) -> None:
    response = await zoo.run("{ failing nest { word } again: failing }", NestRow("w"))
    assert response["data"] == {"failing": None, "nest": {"word": "w"}, "again": None}
    assert list(response["data"]) == ["failing", "nest", "again"]
    assert paths(response) == [["again"], ["failing"]]


async def test_a_root_field_that_must_not_be_null_takes_all_along(zoo: Zoo) -> None:
    response = await zoo.run("{ nest { word } strictlyFailing }", NestRow("w"))
    assert response["data"] is None
    assert paths(response) == [["strictlyFailing"]]
