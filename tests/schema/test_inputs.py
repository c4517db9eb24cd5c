"""Arguments become the same as Strawberry makes of them."""

from enum import Enum
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import convert_arguments

from schema.inputs import Inputs


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.input
class Petal:
    long_name: str
    colours: list[Colour] = strawberry.field(default_factory=list)
    given: int | None = strawberry.UNSET


@strawberry.input
class Flower:
    petals: list[Petal]
    grid: list[list[int | None]] | None = None
    inner: "Flower | None" = None
    count: int = 3
    absent: str | None


@strawberry.type
class Query:
    @strawberry.field
    def plant(self, flower: Flower | None = None, number_of: int = 1, some: list[Flower | None] | None = None) -> str:
        return f"{flower} {number_of} {some}"


SCHEMA = strawberry.Schema(Query, config=StrawberryConfig())
PETAL = {"longName": "a", "colours": [Colour.RED], "given": None}
GIVEN = [
    {},
    {"flower": None, "numberOf": 2, "some": None},
    {"flower": {"petals": [PETAL, {"longName": "b"}]}},
    {"flower": {"petals": [], "grid": [[1, None], []], "count": 4, "absent": "x"}},
    {"flower": {"petals": [PETAL], "inner": {"petals": [PETAL], "inner": None}}},
    {"some": [{"petals": []}, None]},
]


@pytest.mark.parametrize("given", GIVEN, ids=range(len(GIVEN)))
def test_arguments_are_converted_as_strawberry_converts_them(given: dict[str, Any]) -> None:
    field = Query.__strawberry_definition__.fields[0]  # type: ignore[attr-defined]  # strawberry.type adds it
    scalars, config = SCHEMA.schema_converter.scalar_registry, SCHEMA.config
    made = Inputs(scalars, config).arguments(field.arguments)(given)
    assert made == convert_arguments(given, field.arguments, scalars, config)


def test_a_list_is_the_requests_own() -> None:
    """graphql-core gives the same default to each request that leaves a value out."""
    field = Query.__strawberry_definition__.fields[0]  # type: ignore[attr-defined]  # strawberry.type adds it
    convert = Inputs(SCHEMA.schema_converter.scalar_registry, SCHEMA.config).arguments(field.arguments)
    numbers = [1]
    made = convert({"flower": {"petals": [], "grid": [numbers]}})
    assert made["flower"].grid == [[1]]
    assert made["flower"].grid[0] is not numbers
