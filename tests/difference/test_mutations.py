"""Mutations: one after another, each with all that is read of it before the next begins."""

import pytest

from tests.difference.marks import CANCELLED
from tests.difference.zoo import Zoo, paths

pytestmark = [pytest.mark.anyio, *CANCELLED]


async def test_each_sees_what_was_done_before_it_and_nothing_after(zoo: Zoo) -> None:
    document = """mutation {
      first: add(number: 1) { number { added sofar } }
      ...More
      third: add(number: 3) { number { sofar } userErrors { code } }
    }
    fragment More on Mutation {
      second: add(number: 2) { number { added } }
      second: add(number: 2) { number { sofar } }
    }
    """
    response = await zoo.run(document)
    assert response == {
        "data": {
            "first": {"number": {"added": 1, "sofar": [1]}},
            "second": {"number": {"added": 2, "sofar": [1, 2]}},
            "third": {"number": {"sofar": [1, 2, 3]}, "userErrors": []},
        }
    }
    assert list(response["data"]) == ["first", "second", "third"]


async def test_a_refusal_does_not_keep_the_next_from_being_done(zoo: Zoo) -> None:
    document = """mutation($none: Int! = -1) {
      a: add(number: 1) { number { added } }
      b: add(number: $none) {
        number { added }
        userErrors { __typename code message path retryAfter }
        warnings { code }
      }
      c: add(number: 2) { number { sofar } }
    }"""
    response = await zoo.run(document)
    refusal = {"__typename": "Refusal", "code": "INVALID", "message": "A number is at least 1.", "retryAfter": None}
    assert response == {
        "data": {
            "a": {"number": {"added": 1}},
            "b": {"number": None, "userErrors": [refusal | {"path": ["number"]}], "warnings": []},
            "c": {"number": {"sofar": [1, 2]}},
        }
    }


async def test_what_breaks_stops_all_that_follows(zoo: Zoo) -> None:
    document = """mutation {
      a: add(number: 1) { number { added } }
      b: add(number: 0) { number { added } }
      c: add(number: 2) { number { added } }
    }"""
    response = await zoo.run(document)
    assert response["data"] is None
    assert paths(response) == [["b"]]
    assert zoo.added == [1]


async def test_an_error_below_a_mutation_does_not_repeat_it(zoo: Zoo) -> None:
    response = await zoo.run(
        "mutation { add(number: 1) { number { added broken } } more: add(number: 2) { __typename } }"
    )
    assert response["data"] == {"add": {"number": None}, "more": {"__typename": "NumberPayload"}}
    assert paths(response) == [["add", "number", "broken"]]
    assert zoo.added == [1, 2]


async def test_skipped_mutations_are_not_done(zoo: Zoo) -> None:
    document = (
        "mutation($no: Boolean!) { add(number: 1) @skip(if: $no) { __typename } b: add(number: 2) { __typename } }"
    )
    assert list((await zoo.run(document, no=True))["data"]) == ["b"]
    assert zoo.added == [2]
