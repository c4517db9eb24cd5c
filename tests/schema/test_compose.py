"""What cannot be executed level by level, or is said twice, stops the start with one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
import strawberry

from schema import common, errors, pages
from schema.compose import compose
from schema.context import Info
from schema.fields import PUBLIC, batched, field, query, row_type


@dataclass(frozen=True, slots=True)
class CupRow:
    size: int


@row_type(CupRow)
class Cup:
    """A cup."""

    size: int = field("How much it holds.")


@query(Cup, access=PUBLIC)
async def cup(info: Info) -> CupRow:
    """A cup."""
    return CupRow(300)


@batched(Cup, int)
async def weight(cups: Sequence[CupRow], info: Info) -> list[int]:
    """What it weighs."""
    return [row.size for row in cups]


@strawberry.type(description="A pot.")
class Pot:
    size: int = strawberry.field(resolver=lambda: 1, description="How much it holds.", graphql_type=int)


@query(Pot, access=PUBLIC)
async def pot(info: Info) -> Any:
    """A pot."""


@row_type(CupRow)
class Mug:
    """A cup with a handle."""

    handle: str = field("What to hold it by.")


@query(Mug, access=PUBLIC)
async def mug(info: Info) -> CupRow:
    """A mug."""
    return CupRow(300)


def module(**declared: object) -> ModuleType:
    """A module of that name in which these were declared."""
    made = ModuleType(__name__)
    vars(made).update(declared)
    return made


def test_what_is_declared_once_is_composed() -> None:
    surface = compose([module(Cup=Cup, cup=cup, weight=weight), common, pages, errors])
    assert set(surface.graphql.type_map["Cup"].fields) == {"size", "weight"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("modules", "sentence"),
    [
        ([module(Pot=Pot, pot=pot)], "Pot.size has a resolver of its own: declare it with @batched"),
        ([module(Cup=Cup, cup=cup, weight=weight), module(heavy=weight)], "Cup.weight is declared twice"),
        ([module(Cup=Cup, cup=cup), module(other=cup)], "two modules declare the query cup"),
        ([module(Mug=Mug, mug=mug)], "Mug.handle is no attribute of CupRow"),
    ],
)
def test_what_cannot_be_is_refused(modules: list[ModuleType], sentence: str) -> None:
    with pytest.raises((ValueError, TypeError), match=sentence):
        compose([*modules, common, pages, errors])
