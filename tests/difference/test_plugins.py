"""Fields of a plugin, where it is on and where it is off."""

import pytest

from tests.difference.marks import CANCELLED
from tests.difference.zoo import DogRow, Zoo, paths
from tests.difference.zoo.toys import PLUGIN

pytestmark = [pytest.mark.anyio, *CANCELLED]
DOCUMENT = "{ dog { name toysFavourite { name } } }"


async def test_where_it_is_on_its_fields_are_there(zoo: Zoo) -> None:
    response = await zoo.run(DOCUMENT, DogRow("Rex"), plugins=frozenset({PLUGIN}))
    assert response == {"data": {"dog": {"name": "Rex", "toysFavourite": {"name": "Rex's ball"}}}}
    response = await zoo.run("{ toysBest { name } }", plugins=frozenset({PLUGIN}))
    assert response == {"data": {"toysBest": {"name": "ball"}}}


async def test_where_it_is_off_a_field_that_it_adds_is_null_and_says_why(zoo: Zoo) -> None:
    response = await zoo.run(DOCUMENT, DogRow("Rex"))
    assert response["data"] == {"dog": {"name": "Rex", "toysFavourite": None}}
    [error] = response["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["dog", "toysFavourite"], "PLUGIN_DISABLED")
    assert error["message"] == "toys is not switched on here."


async def test_where_it_is_off_each_object_of_a_list_says_so(zoo: Zoo) -> None:
    pets = [DogRow("Rex"), None, DogRow("Max")]
    response = await zoo.run("{ pets { name ... on Dog { toysFavourite { name } } } }", pets)
    wanted = [{"name": "Rex", "toysFavourite": None}, None, {"name": "Max", "toysFavourite": None}]
    assert response["data"] == {"pets": wanted}
    assert paths(response) == [["pets", 0, "toysFavourite"], ["pets", 2, "toysFavourite"]]


async def test_where_it_is_off_a_field_of_query_is_a_fault(zoo: Zoo) -> None:
    response = await zoo.run("{ toysBest { name } }")
    assert response["data"] is None
    assert [error["extensions"]["code"] for error in response["errors"]] == ["PLUGIN_DISABLED"]
