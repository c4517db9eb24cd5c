"""Interfaces and unions: every object is shown as what it is."""

import pytest

from tests.difference.marks import CANCELLED
from tests.difference.zoo import BoxRow, CatRow, DogRow, FishRow, Zoo, paths

pytestmark = [pytest.mark.anyio, *CANCELLED]

GARFIELD, ODIE = CatRow("Garfield", meows=True), DogRow("Odie")


async def test_fields_of_an_interface_and_of_its_objects(zoo: Zoo) -> None:
    response = await zoo.run(
        "{ pets { __typename name ... on Dog { barks call } ... on Cat { meows enemy { name } } } }",
        [ODIE, None, GARFIELD, CatRow("Nermal"), ODIE],
    )
    odie = {"__typename": "Dog", "name": "Odie", "barks": True, "call": "Odie: woof"}
    assert response == {
        "data": {
            "pets": [
                odie,
                None,
                {"__typename": "Cat", "name": "Garfield", "meows": True, "enemy": {"name": "Garfield's enemy"}},
                {"__typename": "Cat", "name": "Nermal", "meows": False, "enemy": None},
                odie,
            ]
        }
    }


async def test_the_objects_of_a_union(zoo: Zoo) -> None:
    document = "{ animals { __typename ...Named ... on Fish { weight } } } fragment Named on Pet { name }"
    response = await zoo.run(document, (FishRow(7), ODIE, GARFIELD))
    assert response == {
        "data": {
            "animals": [
                {"__typename": "Fish", "weight": 7},
                {"__typename": "Dog", "name": "Odie"},
                {"__typename": "Cat", "name": "Garfield"},
            ]
        }
    }


async def test_one_key_may_be_another_field_of_another_type(zoo: Zoo) -> None:
    response = await zoo.run("{ pets { ... on Dog { sound: barks } ... on Cat { sound: meows } } }", [GARFIELD, ODIE])
    assert response == {"data": {"pets": [{"sound": True}, {"sound": True}]}}


async def test_a_fragment_on_an_interface_within_an_object(zoo: Zoo) -> None:
    document = "{ dog { ... on Pet { name } ... on Animal { ... on Dog { barks } ... on Pet { __typename } } } }"
    response = await zoo.run(document, ODIE)
    assert response == {"data": {"dog": {"name": "Odie", "barks": True, "__typename": "Dog"}}}


async def test_interfaces_below_each_other(zoo: Zoo) -> None:
    rex = DogRow("Rex", friends=[ODIE, GARFIELD, None])
    document = "{ pets { name ... on Dog { friends { name ... on Dog { friends { name } } } } } }"
    response = await zoo.run(document, [rex, GARFIELD])
    friends = [{"name": "Odie", "friends": []}, {"name": "Garfield"}, None]
    assert response == {"data": {"pets": [{"name": "Rex", "friends": friends}, {"name": "Garfield"}]}}


@pytest.mark.parametrize("stranger", [FishRow(1), BoxRow(), "text", object(), {"name": "x"}, KeyError("x")])
async def test_what_is_none_of_the_types_is_an_error(zoo: Zoo, stranger: object) -> None:
    response = await zoo.run("{ pets { name } }", [ODIE, stranger, GARFIELD])
    assert response["data"] == {"pets": [{"name": "Odie"}, None, {"name": "Garfield"}]}
    assert paths(response) == [["pets", 1]]


async def test_an_error_below_an_interface_has_its_path(zoo: Zoo) -> None:
    rex = DogRow("Rex", friends=[ODIE, KeyError("x"), DogRow(None)])  # type: ignore[arg-type]
    response = await zoo.run("{ pets { ... on Dog { friends { name } } } }", [GARFIELD, rex])
    assert response["data"] == {"pets": [{}, {"friends": [{"name": "Odie"}, None, None]}]}
    assert paths(response) == [["pets", 1, "friends", 1], ["pets", 1, "friends", 2, "name"]]
