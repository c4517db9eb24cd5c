"""What holds the like of it, where null may be and where not; read off the row, or loaded for all of a level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import NotFound
from schema.context import Info
from schema.fields import PUBLIC, batched, field, query, row_type
from tests.difference.zoo.stage import stage_of


@dataclass(slots=True)
class NestRow:
    word: Any = None
    strict_word: Any = None
    nest: Any = None
    strict_nest: Any = None

    @property
    def torn(self) -> str:
        raise LookupError("an attribute that cannot be read")


@row_type(NestRow)
class Nest:
    """A word, and another nest."""

    word: str | None = field("String")
    strict_word: str = field("String!")
    nest: "Nest | None" = field("Nest")
    strict_nest: "Nest" = field("Nest!")
    torn: str | None = field("What cannot be read.")


async def _words(nests: Sequence[NestRow], _: Info) -> list[Any]:
    """The nullable word."""
    return [nest.word for nest in nests]


async def _strict_words(nests: Sequence[NestRow], _: Info) -> list[Any]:
    """The word."""
    return [nest.strict_word for nest in nests]


async def _nests(nests: Sequence[NestRow], _: Info) -> list[Any]:
    """The nest, if there is one."""
    return [nest.nest for nest in nests]


async def _strict_nests(nests: Sequence[NestRow], _: Info) -> list[Any]:
    """The nest."""
    return [nest.strict_nest for nest in nests]


late_word = batched(Nest, str | None, name="late_word")(_words)
late_strict_word = batched(Nest, str, name="late_strict_word")(_strict_words)
late_nest = batched(Nest, Nest | None, name="late_nest")(_nests)
late_strict_nest = batched(Nest, Nest, name="late_strict_nest")(_strict_nests)


@batched(Nest, str | None)
async def missing(_nests: Sequence[NestRow], _: Info) -> list[Any]:
    """What is found for none of them."""
    raise NotFound(what="word", path=("somewhere",))


@batched(Nest, str | None)
async def too_few(nests: Sequence[NestRow], _: Info) -> list[Any]:
    """One word less than there are nests."""
    return [nest.word for nest in nests[1:]]


@batched(Nest, str)
async def repeated(nests: Sequence[NestRow], _: Info, word: str = "no", times: int | None = 2) -> list[str]:
    """A word, so often."""
    return [f"{word}*{times}" for _ in nests]


@query(Nest | None, access=PUBLIC)
async def nest(info: Info) -> Any:
    """What the test gives."""
    return stage_of(info).given


@query(Nest, access=PUBLIC)
async def strict_nest(info: Info) -> Any:
    """What the test gives."""
    return stage_of(info).given


@query(list[Nest | None], access=PUBLIC)
async def nests(info: Info) -> Any:
    """What the test gives."""
    return stage_of(info).given


@query(str | None, access=PUBLIC)
async def failing(_: Info) -> str:
    """Nothing."""
    raise RuntimeError("failing")


@query(str, access=PUBLIC)
async def strictly_failing(_: Info) -> str:
    """Nothing."""
    raise RuntimeError("strictly failing")
