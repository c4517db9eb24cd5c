"""Lists, with and without null in them and for them; read off the row, or loaded for all of a level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schema.context import Info
from schema.fields import PUBLIC, batched, field, query, row_type
from tests.difference.zoo.nests import Nest
from tests.difference.zoo.stage import stage_of


@dataclass(slots=True)
class BoxRow:
    """The same numbers under every type."""

    maybe: Any = None
    nests: Any = None
    grid: Any = None

    @property
    def some(self) -> Any:
        return self.maybe

    @property
    def full(self) -> Any:
        return self.maybe

    @property
    def strict(self) -> Any:
        return self.maybe


@row_type(BoxRow)
class Box:
    """Numbers and nests."""

    maybe: list[int | None] | None = field("[Int]")
    some: list[int | None] = field("[Int]!")
    full: list[int] | None = field("[Int!]")
    strict: list[int] = field("[Int!]!")
    nests: list[Nest | None] | None = field("[Nest]")
    grid: list[list[int | None] | None] | None = field("[[Int]]")


async def _numbers(boxes: Sequence[BoxRow], _: Info) -> list[Any]:
    """The numbers."""
    return [box.maybe for box in boxes]


late_maybe = batched(Box, list[int | None] | None, name="late_maybe")(_numbers)
late_some = batched(Box, list[int | None], name="late_some")(_numbers)
late_full = batched(Box, list[int] | None, name="late_full")(_numbers)
late_strict = batched(Box, list[int], name="late_strict")(_numbers)


@query(Box | None, access=PUBLIC)
async def box(info: Info) -> Any:
    """What the test gives."""
    return stage_of(info).given


@query(list[Box | None] | None, access=PUBLIC)
async def boxes(info: Info) -> Any:
    """What the test gives."""
    return stage_of(info).given
