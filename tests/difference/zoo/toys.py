"""What a plugin adds: a field of every dog, and one of Query."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.extensions import own
from schema.context import Info
from schema.fields import PUBLIC, batched, field, query, row_type
from tests.difference.zoo.pets import Dog, DogRow

PLUGIN = "toys"
own(__name__, PLUGIN)


@dataclass(slots=True)
class ToyRow:
    name: str


@row_type(ToyRow)
class ToysToy:
    """Something to play with."""

    name: str = field("What it is.")


@batched(Dog, ToysToy | None)
async def toys_favourite(dogs: Sequence[DogRow], _: Info) -> list[ToyRow | None]:
    """What it likes to play with."""
    return [ToyRow(f"{dog.name}'s ball") for dog in dogs]


@query(ToysToy, access=PUBLIC)
async def toys_best(_: Info) -> ToyRow:
    """The best of all."""
    return ToyRow("ball")
