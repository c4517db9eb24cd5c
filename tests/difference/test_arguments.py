"""What fields are called with: literals, variables, defaults, null, and what is refused."""

from typing import Any

import pytest

from tests.difference.marks import CANCELLED
from tests.difference.zoo import NestRow, Zoo, paths

pytestmark = [pytest.mark.anyio, *CANCELLED]


@pytest.mark.parametrize(
    ("arguments", "heard"),
    [
        ("", "{}"),
        ('(word: "hi")', "{'word': 'hi'}"),
        ("(word: null)", "{'word': None}"),
        ("(count: 4, key: 7)", "{'count': 4, 'key': '7'}"),
        ("(colour: BLUE)", "{'colour': <Colour.BLUE: 'BLUE'>}"),
        ('(words: ["a", "b"])', "{'words': ['a', 'b']}"),
        ('(words: "a")', "{'words': ['a']}"),
        ("(words: [])", "{'words': []}"),
        ('(ids: ["a", null, 3])', "{'ids': ['a', None, '3']}"),
        ("(ids: 3)", "{'ids': ['3']}"),
        ('(price: "1.50")', "{'price': Decimal('1.50')}"),
        ("(price: 2)", "{'price': Decimal('2')}"),
        ('(wish: {word: "w"})', "{'wish': Wish(word='w', colours=None, count=3, inner=None)}"),
        (
            '(wish: {word: "w", colours: RED, count: null})',
            "{'wish': Wish(word='w', colours=[<Colour.RED: 'RED'>], count=None, inner=None)}",
        ),
        (
            '(wish: {word: "w", inner: {word: "i", count: 0}})',
            "{'wish': Wish(word='w', colours=None, count=3, inner=Wish(word='i', colours=None, count=0, inner=None))}",
        ),
    ],
)
async def test_literals(zoo: Zoo, arguments: str, heard: str) -> None:
    assert await zoo.run(f"{{ echo{arguments} }}") == {"data": {"echo": heard}}


WISH = {"word": "w", "colours": ["RED", "BLUE"]}


@pytest.mark.parametrize(
    ("declared", "argument", "given", "heard"),
    [
        ("$v: String", "word: $v", {}, "{}"),
        ("$v: String", "word: $v", {"v": None}, "{'word': None}"),
        ("$v: String", "word: $v", {"v": "x"}, "{'word': 'x'}"),
        ('$v: String = "d"', "word: $v", {}, "{'word': 'd'}"),
        ('$v: String = "d"', "word: $v", {"v": None}, "{'word': None}"),
        ('$v: String! = "d"', "word: $v", {}, "{'word': 'd'}"),
        ("$v: String = null", "word: $v", {}, "{'word': None}"),
        ("$v: Int", "count: $v", {}, "{}"),
        ("$v: Int = 9", "count: $v", {}, "{'count': 9}"),
        ("$v: Colour = RED", "colour: $v", {}, "{'colour': <Colour.RED: 'RED'>}"),
        ("$v: Colour", "colour: $v", {"v": "BLUE"}, "{'colour': <Colour.BLUE: 'BLUE'>}"),
        ("$v: [String!]", "words: $v", {"v": "a"}, "{'words': ['a']}"),
        ("$v: String!", "words: [$v, $v]", {"v": "a"}, "{'words': ['a', 'a']}"),
        ("$v: ID", "ids: [1, $v]", {}, "{'ids': ['1', None]}"),
        ("$v: Decimal", "price: $v", {"v": "3.10"}, "{'price': Decimal('3.10')}"),
        ("$v: String!", "wish: {word: $v}", {"v": "x"}, "{'wish': Wish(word='x', colours=None, count=3, inner=None)}"),
        ("$v: Int", 'wish: {word: "w", count: $v}', {}, "{'wish': Wish(word='w', colours=None, count=3, inner=None)}"),
        (
            "$v: Int",
            'wish: {word: "w", count: $v}',
            {"v": None},
            "{'wish': Wish(word='w', colours=None, count=None, inner=None)}",
        ),
        (
            "$v: Wish",
            "wish: $v",
            {"v": WISH},
            "{'wish': Wish(word='w', colours=[<Colour.RED: 'RED'>, <Colour.BLUE: 'BLUE'>], count=3, inner=None)}",
        ),
        ('$v: Wish = {word: "d"}', "wish: $v", {}, "{'wish': Wish(word='d', colours=None, count=3, inner=None)}"),
    ],
)
async def test_variables(zoo: Zoo, declared: str, argument: str, given: dict[str, Any], heard: str) -> None:
    assert await zoo.run(f"query({declared}) {{ echo({argument}) }}", **given) == {"data": {"echo": heard}}


async def test_one_document_with_one_value_after_another(zoo: Zoo) -> None:
    document = "query($v: String, $n: Int = 1) { echo(word: $v) nest { repeated(word: $v, times: $n) } }"
    for given in ({"v": "a"}, {"v": "b", "n": 2}, {"v": "a", "n": None}):
        word, times = given["v"], given.get("n", 1)
        response = await zoo.run(document, NestRow(), **given)
        assert response == {"data": {"echo": f"{{'word': '{word}'}}", "nest": {"repeated": f"{word}*{times}"}}}


async def test_values_that_are_equal_are_not_the_same(zoo: Zoo) -> None:
    document = "query($v: Decimal) { echo(price: $v) }"
    for given in ("1.50", "1.5", "1.50"):
        response = await zoo.run(document, v=given)
        assert response == {"data": {"echo": f"{{'price': Decimal('{given}')}}"}}


@pytest.mark.parametrize(
    ("declared", "argument", "given", "message"),
    [
        ("$v: String!", "word: $v", {}, "Variable '$v' has invalid value: Expected a value of non-null type 'String!'"),
        ("$v: String!", "word: $v", {"v": None}, "Variable '$v' has invalid value: Expected value of non-null type"),
        ("$v: Int", "count: $v", {"v": "1"}, "Variable '$v' has invalid value: Int cannot represent"),
        ("$v: Colour", "colour: $v", {"v": "GREEN"}, "Variable '$v' has invalid value: Value 'GREEN' does not exist"),
        ("$v: Wish", "wish: $v", {"v": {"word": "w", "size": 1}}, "Variable '$v' has invalid value"),
        ("$v: [String!]", "words: $v", {"v": ["a", None]}, "Variable '$v' has invalid value at [1]"),
    ],
)
async def test_wrong_variables_stop_everything(
    zoo: Zoo, declared: str, argument: str, given: dict[str, Any], message: str
) -> None:
    response = await zoo.run(f"query({declared}) {{ echo({argument}) nest {{ word }} }}", NestRow("w"), **given)
    assert response["data"] is None
    (error,) = response["errors"]
    assert error["message"].startswith(message)
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert "path" not in error


@pytest.mark.parametrize("call", ["shout(word: $v)", "echo(wish: {word: $v, count: 1})", "echo(words: [$v])"])
async def test_null_for_a_default_is_an_error_of_the_field(zoo: Zoo, call: str) -> None:
    document = f'query($v: String = "d") {{ it: {call} nest {{ word }} }}'
    assert "errors" not in await zoo.run(document, NestRow("w"))
    response = await zoo.run(document, NestRow("w"), v=None)
    assert response["data"] == {"it": None, "nest": {"word": "w"}}
    assert paths(response) == [["it"]]


async def test_null_for_a_condition_is_an_error_of_what_it_stands_in(zoo: Zoo) -> None:
    document = "query($v: Boolean = true) { nest { word nest { word @include(if: $v) } } }"
    row = NestRow("a", nest=NestRow("b"))
    assert await zoo.run(document, row, v=False) == {"data": {"nest": {"word": "a", "nest": {}}}}
    response = await zoo.run(document, row, v=None)
    assert response["data"] == {"nest": {"word": "a", "nest": None}}
    assert paths(response) == [["nest", "nest"]]
    assert await zoo.run(document, row) == {"data": {"nest": {"word": "a", "nest": {"word": "b"}}}}


async def test_null_for_a_condition_of_a_root_field(zoo: Zoo) -> None:
    response = await zoo.run("query($v: Boolean = true) { nest @skip(if: $v) { word } __typename }", v=None)
    assert response["data"] is None
    assert len(response["errors"]) == 1
