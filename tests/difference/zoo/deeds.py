"""What is given to fields, and what is done one after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import strawberry
from strawberry import ID

from core.errors import Invalid
from schema.context import Info
from schema.fields import PUBLIC, batched, field, mutation, query, row_type
from schema.payloads import Payload
from tests.difference.zoo.stage import Stage, stage_of


@strawberry.enum(description="A colour.")
class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


@strawberry.input(description="What is wanted.")
class Wish:
    word: str = field("What.")
    colours: list[Colour] | None = strawberry.field(description="In which.", default=None)
    count: int | None = strawberry.field(description="How many.", default=3)
    inner: "Wish | None" = strawberry.field(description="And then.", default=None)


@query(str | None, access=PUBLIC)
async def echo(
    _: Info,
    word: str | None = "hello",
    count: int = 3,
    key: ID | None = None,
    colour: Colour | None = None,
    words: list[str] | None = None,
    ids: list[ID | None] | None = None,
    price: Decimal | None = None,
    wish: Wish | None = None,
) -> str:
    """The arguments that are not what they are where nothing is said."""
    unsaid = {"word": "hello", "count": 3}
    given = {"word": word, "count": count, "key": key, "colour": colour, "words": words, "ids": ids, "price": price}
    return str({name: value for name, value in (given | {"wish": wish}).items() if value != unsaid.get(name)})


@query(str | None, access=PUBLIC)
async def shout(_: Info, word: str) -> str:
    """A word that has to be said."""
    return word.upper()


@dataclass(slots=True)
class NumberRow:
    added: int


@row_type(NumberRow)
class Number:
    """A number that was added."""

    added: int = field("It.")


@batched(Number, list[int])
async def sofar(numbers: Sequence[NumberRow], info: Info) -> list[list[int]]:
    """All that were added when this was read."""
    return [list(stage_of(info).numbers) for _ in numbers]


@batched(Number, int)
async def broken(numbers: Sequence[NumberRow], _: Info) -> list[Exception]:
    """What cannot be read."""
    return [KeyError("broken") for _number in numbers]


@strawberry.type(description="The number, or why it was not added.")
class NumberPayload(Payload):
    number: Number | None = field("The number.")


@mutation(NumberPayload, access=PUBLIC)
async def add(work: Stage, number: int) -> NumberRow:
    """Add a number; a negative one is refused, and zero breaks everything."""
    if number < 0:
        raise Invalid(reason="A number is at least 1.", path=("number",))
    if number == 0:
        raise RuntimeError("zero")
    work.numbers.append(number)
    return NumberRow(number)
