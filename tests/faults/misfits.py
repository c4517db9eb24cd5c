"""A plugin that does everything wrong; the tests say that this module is one."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from core.events import Outside, Subscription, Within
from core.ids import new_id
from core.jobs import Job
from core.orders import OrderPlaced
from core.work import MOST_EVENTS, Work

FOREIGN = "UPDATE stock SET on_hand = 0, reserved = 0 WHERE tenant_id = $1"
EVERY = timedelta(seconds=1)
Function = Callable[..., Any]


async def raises(*_: object) -> Any:
    raise ValueError("no such luck")


async def hangs(*_: object) -> Any:
    await asyncio.sleep(3600)
    return 0


async def holds_the_process(*_: object) -> Any:
    while True:
        pass


async def hangs_in_the_database(work: Work, *_: object) -> Any:
    await work.value("SELECT pg_sleep(3600) WHERE $1::bigint IS NOT NULL")
    return 0


async def writes_elsewhere(work: Work, *_: object) -> Any:
    await work.execute(FOREIGN)
    return 0


async def storms(work: Work, *_: object) -> Any:
    for _count in range(MOST_EVENTS + 1):
        work.emit(OrderPlaced(order_id=new_id(), store_id=new_id(), payable=1))
    return 0


async def exits(*_: object) -> Any:
    raise SystemExit(1)


async def cancels(*_: object) -> Any:
    raise asyncio.CancelledError


async def breaks_the_transaction(work: Work, *_: object) -> Any:
    try:
        await work.value("SELECT no_such_column FROM stock WHERE tenant_id = $1")
    except Exception:  # noqa: BLE001 - as people do
        return 0
    return 0


def is_not_async(*_: object) -> None:
    return None


async def never_ends(*_: object) -> Any:
    return 1


async def answers_nothing(*_: object) -> Any:
    return None


async def answers_less_than_nothing(*_: object) -> Any:
    return -1


async def answers_a_text(*_: object) -> Any:
    return "12"


async def outside_hangs(*_: object) -> Any:
    await asyncio.sleep(3600)


async def outside_raises(*_: object) -> Any:
    raise ConnectionError("nobody answers")


#: and by what kind of exception each is remembered
SUBSCRIBERS: Mapping[str, tuple[Subscription, str]] = {
    one.handler.__name__: (one, kind)
    for one, kind in (
        (Within(OrderPlaced, raises), "builtins.ValueError"),
        (Within(OrderPlaced, hangs), "hexmart.worker.care.OutOfTime"),
        (Within(OrderPlaced, holds_the_process), "core.extensions.watching.Stuck"),
        (Within(OrderPlaced, hangs_in_the_database), "hexmart.worker.care.OutOfTime"),
        (Within(OrderPlaced, writes_elsewhere), "core.extensions.ownership.ForeignWrite"),
        (Within(OrderPlaced, storms), "core.events.errors.EventStorm"),
        (Within(OrderPlaced, exits), "hexmart.worker.care.Escaped"),
        (Within(OrderPlaced, cancels), "hexmart.worker.care.Escaped"),
        (Within(OrderPlaced, breaks_the_transaction), "asyncpg.exceptions.InFailedSQLTransactionError: 25P02"),
        (Within(OrderPlaced, is_not_async), "builtins.TypeError"),  # type: ignore[arg-type]  # as people do
        (Outside(OrderPlaced, outside_hangs), "hexmart.worker.care.OutOfTime"),
        (Outside(OrderPlaced, outside_raises), "builtins.ConnectionError"),
    )
}
_FUNCTIONS: tuple[Function, ...] = (
    raises,
    hangs,
    holds_the_process,
    hangs_in_the_database,
    writes_elsewhere,
    storms,
    exits,
    cancels,
    breaks_the_transaction,
    is_not_async,
    never_ends,
    answers_nothing,
    answers_less_than_nothing,
    answers_a_text,
)
JOBS: Mapping[str, Job] = {run.__name__: Job(f"misfits.{run.__name__}", EVERY, run) for run in _FUNCTIONS} | {
    "cannot_say": Job("misfits.cannot_say", EVERY, never_ends, due="SELECT 1 FROM no_such_table WHERE tenant_id = $1"),
    "says_too_slowly": Job(
        "misfits.says_too_slowly", EVERY, never_ends, due="SELECT 1 FROM pg_sleep(3600) WHERE $1::bigint IS NOT NULL"
    ),
}
