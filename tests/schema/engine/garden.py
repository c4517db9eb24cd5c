"""A small schema without a database: a garden of beds and plants, whose resolvers count how often they are called."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import strawberry

from core.actors import ANONYMOUS
from core.errors import Invalid, NotFound
from schema import common, errors, pages
from schema.compose import ComposedSchema, compose
from schema.context import Info
from schema.fields import PUBLIC, batched, field, query, row_type

called: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class PlantRow:
    name: str | None
    height: Any = 7
    tags: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class BedRow:
    number: int
    plants: tuple[PlantRow, ...]


@row_type(PlantRow)
class Plant:
    """What grows."""

    name: str = field("Its name.")
    height: int | None = field("In centimetres.")
    tags: list[str] = field("What is said of it.")


@row_type(BedRow)
class Bed:
    """Where it grows."""

    number: int = field("Its number.")


@strawberry.type(description="Another thing that grows.")
class Tree:
    rings: int = field("One a year.")


@batched(Bed, list[Plant])
async def plants(beds: Sequence[BedRow], info: Info, first: int | None = 100) -> list[list[PlantRow]]:
    """What grows in it."""
    called["plants"] += 1
    if first == 0:
        raise Invalid(reason="None is too few.", path=("first",))
    return [list(bed.plants)[:first] for bed in beds]


@batched(Plant, Bed | None)
async def neighbour(found: Sequence[PlantRow], info: Info) -> list[BedRow | None]:
    """Whose roots it meets."""
    called["neighbour"] += 1
    return [BedRow(9, ()) if plant.name == "mint" else None for plant in found]


GARDEN = (
    BedRow(1, (PlantRow("mint"), PlantRow("sage", None, ["grey"]))),
    BedRow(2, ()),
    BedRow(3, (PlantRow("rue"),)),
)
BROKEN = (BedRow(1, (PlantRow("mint"), PlantRow(None))), BedRow(2, (PlantRow("oak", "tall"),)))


@query(list[Bed], access=PUBLIC, cost=3)
async def beds(info: Info, broken: bool = False) -> list[BedRow]:
    """All beds."""
    called["beds"] += 1
    return list(BROKEN if broken else GARDEN)


@query(Bed | None, access=PUBLIC)
async def bed(info: Info, number: int) -> BedRow | None:
    """One bed."""
    if number < 0:
        raise NotFound(what="bed", path=("number",))
    return next((row for row in GARDEN if row.number == number), None)


def schema() -> ComposedSchema:
    """The garden's schema."""
    return compose([sys.modules[__name__], common, pages, errors])


def visit() -> Info:
    """A request by a guest; there is no database to ask."""
    tenant = SimpleNamespace(suspended=False, slug="garden", currency="CNY", locale="en")
    return Info(cast("Any", None), cast("Any", tenant), ANONYMOUS, "en", "r1")
