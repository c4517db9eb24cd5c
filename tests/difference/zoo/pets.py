"""Things of several types: an interface with its objects, and a union."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.fields import PUBLIC, batched, field, query, row_type
from tests.difference.zoo.stage import stage_of


@dataclass(slots=True)
class DogRow:
    name: str
    barks: bool = True
    friends: Any = ()


@dataclass(slots=True)
class CatRow:
    name: str
    meows: bool = False


@dataclass(slots=True)
class FishRow:
    weight: int


@strawberry.interface(description="Whatever has a name.")
class Pet:
    name: str = field("Its name.")


@row_type(DogRow)
class Dog(Pet):
    """A pet that barks."""

    barks: bool = field("Whether it barks.")
    friends: list[Pet | None] | None = field("Whom it likes.")


@row_type(CatRow)
class Cat(Pet):
    """A pet that meows."""

    meows: bool = field("Whether it meows.")


@row_type(FishRow)
class Fish:
    """It has no name."""

    weight: int = field("How much it weighs.")


@batched(Cat, Dog | None)
async def enemy(cats: Sequence[CatRow], _: Info) -> list[DogRow | None]:
    """Whom it does not like."""
    return [DogRow(f"{cat.name}'s enemy") if cat.meows else None for cat in cats]


@batched(Dog, str)
async def call(dogs: Sequence[DogRow], _: Info) -> list[str]:
    """What it says."""
    return [f"{dog.name}: woof" for dog in dogs]


Animal = Annotated[Dog | Cat | Fish, strawberry.union("Animal", description="Any of them.")]


@query(list[Pet | None] | None, access=PUBLIC)
async def pets(info: Info) -> Any:
    """What the test gives."""
    return stage_of(info).given


@query(list[Animal | None] | None, access=PUBLIC)
async def animals(info: Info) -> Any:
    """What the test gives."""
    return stage_of(info).given


@query(Dog | None, access=PUBLIC)
async def dog(info: Info) -> Any:
    """What the test gives."""
    return stage_of(info).given
