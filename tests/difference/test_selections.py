"""What is selected: aliases, fragments, fields that are merged, @skip and @include, one of several operations."""

import pytest

from tests.difference.zoo import NestRow, Zoo

pytestmark = pytest.mark.anyio

DEEP = NestRow("a", "A", NestRow("b", "B", NestRow("c", "C")), NestRow("d", "D"))


async def test_fields_come_in_the_order_in_which_they_are_asked_for(zoo: Zoo) -> None:
    response = await zoo.run("{ nest { lateWord strictWord z: word __typename word a: lateStrictWord } }", DEEP)
    assert list(response["data"]["nest"].items()) == [
        ("lateWord", "a"),
        ("strictWord", "A"),
        ("z", "a"),
        ("__typename", "Nest"),
        ("word", "a"),
        ("a", "A"),
    ]


async def test_fields_of_one_key_are_merged(zoo: Zoo) -> None:
    document = """
      { nest { nest { word } ...One ... { nest { nest { word } } } word nest { nest { strictWord } word } } }
      fragment One on Nest { word nest { strictWord ...Two } }
      fragment Two on Nest { nest { __typename } }
    """
    response = await zoo.run(document, DEEP)
    third = {"__typename": "Nest", "word": "c", "strictWord": "C"}
    second = {"word": "b", "strictWord": "B", "nest": third}
    assert response == {"data": {"nest": {"nest": second, "word": "a"}}}
    assert list(response["data"]["nest"]["nest"]) == ["word", "strictWord", "nest"]


async def test_loaded_fields_of_one_key_are_merged(zoo: Zoo) -> None:
    document = "{ nest { lateNest { word } lateNest { lateNest { word } } lateNest { lateNest { strictWord } } } }"
    response = await zoo.run(document, DEEP)
    assert response == {"data": {"nest": {"lateNest": {"word": "b", "lateNest": {"word": "c", "strictWord": "C"}}}}}


async def test_one_fragment_in_several_places(zoo: Zoo) -> None:
    document = """
      { nest { ...Words nest { ...Words nest { ...Words } } strictNest { ...Words } } }
      fragment Words on Nest { word late: lateStrictWord }
    """
    response = await zoo.run(document, DEEP)
    second = {"word": "b", "late": "B", "nest": {"word": "c", "late": "C"}}
    assert response == {
        "data": {"nest": {"word": "a", "late": "A", "nest": second, "strictNest": {"word": "d", "late": "D"}}}
    }


async def test_aliases_ask_for_one_field_several_times(zoo: Zoo) -> None:
    response = await zoo.run("{ one: nest { x: word } two: nest { nest { x: word } y: lateNest { x: word } } }", DEEP)
    assert response == {"data": {"one": {"x": "a"}, "two": {"nest": {"x": "b"}, "y": {"x": "b"}}}}


async def test_typename_is_there_wherever_there_is_a_type(zoo: Zoo) -> None:
    response = await zoo.run("{ __typename nest { __typename } kind: __typename }", DEEP)
    assert response == {"data": {"__typename": "Query", "nest": {"__typename": "Nest"}, "kind": "Query"}}


@pytest.mark.parametrize(
    ("directives", "there"),
    [
        ("@include(if: true)", True),
        ("@include(if: false)", False),
        ("@skip(if: false)", True),
        ("@skip(if: true)", False),
        ("@include(if: true) @skip(if: false)", True),
        ("@include(if: true) @skip(if: true)", False),
        ("@include(if: false) @skip(if: false)", False),
        ("@skip(if: true) @include(if: false)", False),
    ],
)
@pytest.mark.parametrize(
    "part", ["strictWord {}", "...F {}", "... on Nest {} {{ strictWord }}", "... {} {{ strictWord }}"]
)
async def test_skip_and_include(zoo: Zoo, part: str, directives: str, there: bool) -> None:
    fragment = "fragment F on Nest { strictWord }"
    document = f"{{ nest {{ word {part.format(directives)} }} }} {fragment if '...F' in part else ''}"
    response = await zoo.run(document, DEEP)
    assert response == {"data": {"nest": {"word": "a"} | ({"strictWord": "A"} if there else {})}}


async def test_what_is_skipped_in_one_place_is_there_by_another(zoo: Zoo) -> None:
    document = "{ nest { word @skip(if: true) ... { word @include(if: true) } nest @skip(if: true) { word } } }"
    assert await zoo.run(document, DEEP) == {"data": {"nest": {"word": "a"}}}


async def test_variables_decide_each_time_anew(zoo: Zoo) -> None:
    document = """query($all: Boolean! = false) {
      nest { word ...Rest @include(if: $all) } dropped: nest @skip(if: $all) { word }
      again: nest { ... @include(if: $all) { nest { word @skip(if: $all) } } __typename }
    } fragment Rest on Nest { lateStrictWord }"""
    short = {"nest": {"word": "a"}, "dropped": {"word": "a"}, "again": {"__typename": "Nest"}}
    full = {"nest": {"word": "a", "lateStrictWord": "A"}, "again": {"nest": {}, "__typename": "Nest"}}
    assert await zoo.run(document, DEEP) == {"data": short}
    assert await zoo.run(document, DEEP, all=True) == {"data": full}
    assert await zoo.run(document, DEEP, all=False) == {"data": short}


async def test_nothing_may_be_left(zoo: Zoo) -> None:
    assert await zoo.run("{ nest @skip(if: true) { word } }", DEEP) == {"data": {}}
    assert await zoo.run("{ nest { word @skip(if: true) } }", DEEP) == {"data": {"nest": {}}}
    assert await zoo.run("{ nests { word @skip(if: true) } }", [DEEP, DEEP]) == {"data": {"nests": [{}, {}]}}


async def test_the_operation_that_is_named_is_executed(zoo: Zoo) -> None:
    document = "query A { nest { word } } query B { nest { strictWord } } mutation C { add(number: 1) { __typename } }"
    assert await zoo.run(document, DEEP, operation_name="B") == {"data": {"nest": {"strictWord": "A"}}}
    assert await zoo.run(document, DEEP, operation_name="A") == {"data": {"nest": {"word": "a"}}}
    for name in (None, "D", ""):
        response = await zoo.run(document, DEEP, operation_name=name)
        assert response["data"] is None
        assert len(response["errors"]) == 1


async def test_introspection_stands_beside_data(zoo: Zoo) -> None:
    document = '{ nest { word } __type(name: "Nest") { name kind } __schema { queryType { name } } }'
    response = await zoo.run(document, DEEP)
    asked = {"__type": {"name": "Nest", "kind": "OBJECT"}, "__schema": {"queryType": {"name": "Query"}}}
    assert response == {"data": {"nest": {"word": "a"}} | asked}
    assert list(response["data"]) == ["nest", "__type", "__schema"]
