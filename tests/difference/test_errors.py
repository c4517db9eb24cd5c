"""How an error is told: what was raised, at which path, in which places of the document."""

import pytest

from core.errors import Busy, Invalid
from tests.difference.marks import CANCELLED
from tests.difference.zoo import BoxRow, NestRow, Zoo, paths

pytestmark = [pytest.mark.anyio, *CANCELLED]

INTERNAL = {"code": "INTERNAL", "requestId": "r"}
NOT_OURS = "Something went wrong on our side."


async def test_an_error_has_path_places_and_code(zoo: Zoo) -> None:
    document = """{
  nests {
    first: nest { torn }
    second: nest { ...Torn }
    second: nest { torn }
  }
}
fragment Torn on Nest { torn }
"""
    response = await zoo.run(document, [None, NestRow(nest=NestRow())])
    assert response["data"]["nests"] == [None, {"first": {"torn": None}, "second": {"torn": None}}]
    first, second = sorted(response["errors"], key=lambda error: str(error["path"]))
    assert first == {
        "message": NOT_OURS,
        "extensions": INTERNAL,
        "locations": [{"line": 3, "column": 19}],
        "path": ["nests", 1, "first", "torn"],
    }
    assert second["path"] == ["nests", 1, "second", "torn"]
    assert second["locations"] == [{"line": 8, "column": 25}, {"line": 5, "column": 20}]


async def test_a_refusal_says_what_it_is(zoo: Zoo) -> None:
    refusal, busy = Invalid(reason="No such word.", path=("word",)), Busy()
    response = await zoo.run("{ nests { word } }", [NestRow(refusal), NestRow("w"), NestRow(busy)])
    assert response["data"]["nests"] == [{"word": None}, {"word": "w"}, {"word": None}]
    first, second = sorted(response["errors"], key=lambda error: str(error["path"]))
    assert first["message"] == "No such word."
    assert first["extensions"] == {"code": "INVALID", "path": ["word"]}
    assert second["extensions"] == {"code": "BUSY", "retryAfter": 1}


async def test_what_fails_for_all_of_a_level_is_told_of_each(zoo: Zoo) -> None:
    response = await zoo.run("{ nests { word missing } }", [NestRow("a"), NestRow("b")])
    assert response["data"]["nests"] == [{"word": "a", "missing": None}, {"word": "b", "missing": None}]
    assert paths(response) == [["nests", 0, "missing"], ["nests", 1, "missing"]]
    assert {error["message"] for error in response["errors"]} == {"There is no such word here."}
    assert response["errors"][0]["extensions"] == {"code": "BAD_REQUEST", "path": ["somewhere"]}


async def test_results_have_to_be_as_many_as_parents(zoo: Zoo) -> None:
    response = await zoo.run("{ nests { word tooFew } }", [NestRow("a"), NestRow("b")])
    assert response["data"]["nests"] == [{"word": "a", "tooFew": None}, {"word": "b", "tooFew": None}]
    assert paths(response) == [["nests", 0, "tooFew"], ["nests", 1, "tooFew"]]
    assert {error["message"] for error in response["errors"]} == {NOT_OURS}


@pytest.mark.parametrize("field", ["full", "lateFull"])
async def test_one_list_of_a_level_fails_without_the_others(zoo: Zoo, field: str) -> None:
    boxes = [BoxRow([1]), BoxRow(KeyError("x")), BoxRow(None), BoxRow(7), BoxRow([2])]
    response = await zoo.run(f"{{ boxes {{ it: {field} }} }}", boxes)
    assert response["data"]["boxes"] == [{"it": [1]}, {"it": None}, {"it": None}, {"it": None}, {"it": [2]}]
    assert paths(response) == [["boxes", 1, "it"], ["boxes", 3, "it"]]


@pytest.mark.parametrize("field", ["strict", "lateStrict"])
async def test_one_list_that_must_be_there_fails_without_the_others(zoo: Zoo, field: str) -> None:
    boxes = [BoxRow([1]), BoxRow(KeyError("x")), BoxRow(None), BoxRow(7), BoxRow([2])]
    response = await zoo.run(f"{{ boxes {{ it: {field} }} }}", boxes)
    assert response["data"]["boxes"] == [{"it": [1]}, None, None, None, {"it": [2]}]
    assert paths(response) == [["boxes", 1, "it"], ["boxes", 2, "it"], ["boxes", 3, "it"]]


async def test_an_object_of_another_class_is_an_error(zoo: Zoo) -> None:
    response = await zoo.run("{ nests { nest { word } lateNest { __typename } } }", [NestRow(nest=BoxRow()), NestRow()])
    assert response["data"]["nests"] == [{"nest": None, "lateNest": None}, {"nest": None, "lateNest": None}]
    assert paths(response) == [["nests", 0, "lateNest"], ["nests", 0, "nest"]]
