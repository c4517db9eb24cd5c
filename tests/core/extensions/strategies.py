"""Plugins that answer a decision well, and in every wrong way."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from core.errors import LimitReached
from core.extensions import Nonsense, Strategy
from core.work import Work

Answer = Callable[[Work], Awaitable[object]]


async def well(work: Work) -> object:
    """As asked."""
    return ["well"]


async def raises(work: Work) -> object:
    """By a mistake."""
    raise KeyError("no such thing")


async def refuses(work: Work) -> object:
    """As it may."""
    raise LimitReached(reason="There is no more of it.")


async def hangs(work: Work) -> object:
    """Awaiting what never comes."""
    return await asyncio.get_running_loop().create_future()


async def holds_the_process(work: Work) -> object:
    """Awaiting nothing."""
    time.sleep(60)  # noqa: ASYNC251 - which is what it does wrong
    return ["well"]


async def spins(work: Work) -> object:
    """The same, busily."""
    while True:
        pass


async def talks_nonsense(work: Work) -> object:
    """Of another shape than the hook says."""
    return {"well": 1}


async def breaks_the_transaction(work: Work) -> object:
    """By SQL that PostgreSQL refuses, after SQL that it takes."""
    await work.execute("INSERT INTO turn (tenant_id, name) VALUES ($1, 'left over')")
    return await work.value("SELECT 1 / 0 WHERE $1::bigint IS NOT NULL")


async def exits(work: Work) -> object:
    """As if the process were its own."""
    raise SystemExit(1)


def one_of(answer: object) -> Sequence[object]:
    """What the answers have to be."""
    if not isinstance(answer, list):
        raise Nonsense("a list is wanted")
    return answer


def strategy(answer: Answer) -> Strategy:
    return Strategy("sample", "decide", answer, ("work",))
