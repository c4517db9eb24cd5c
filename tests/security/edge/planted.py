"""`hexmart` with faults planted whose words quote whatever they are handed, secrets of the process among it.

`python -m tests.security.edge.planted serve`; with HEXMART_TEST_TELLS set a log has the words of exceptions, as it has
without hexmart.tracebacks.
"""

import asyncio
import logging
import os
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from core import catalog
from core.notices import Letter
from core.notices.service import LogChannel
from hexmart import graphql, logs
from hexmart.cli import app
from hexmart.metrics import Metrics
from hexmart.requests import from_body
from hexmart.worker import Worker
from tenants.registry import Registry

MARK = "planted-"  #: what begins so, fails
log = logging.getLogger("library")


def words(*given: object) -> str:
    """Everything there is to tell."""
    secrets = [value for name, value in os.environ.items() if name.startswith("HEXMART_")]
    return f"cannot use {given!r} with {secrets!r}"


def fail(*given: object) -> NoReturn:
    try:
        raise LookupError(words(*given))
    except LookupError as error:
        error.add_note(words(*given))
        raise RuntimeError(words(*given)) from error


async def fail_later(*given: object) -> NoReturn:
    fail(*given)


async def product_by_slug(_: object, slug: str) -> object:
    """Fails three times: in a library that says so, in a task that nobody waits for, and by itself."""
    try:
        fail(slug)
    except RuntimeError:
        log.exception("the library stumbled\nover %s", slug)
    forgotten = asyncio.create_task(fail_later(slug))
    await asyncio.wait({forgotten})
    del forgotten
    fail(slug)


def planted_body(body: bytes) -> Any:
    return fail(body) if MARK.encode() in body else from_body(body)


def planted_when(original: Callable[..., Any]) -> Callable[..., Any]:
    """Fails for what begins with the mark."""

    def method(self: object, text: str, *more: Any) -> Any:
        return fail(text) if str(text).startswith(MARK) else original(self, text, *more)

    return method


def plant() -> None:
    catalog.product_by_slug = product_by_slug  # type: ignore[assignment]
    graphql.from_body = planted_body  # type: ignore[attr-defined]
    Registry.by_slug = planted_when(Registry.by_slug)  # type: ignore[method-assign]
    Metrics.collect = fail  # type: ignore[method-assign,assignment]
    _plant_in_the_worker()
    if os.environ.get("HEXMART_TEST_TELLS"):
        logs.without_words = lambda exc_info: "".join(traceback.format_exception(exc_info[1]))  # type: ignore[attr-defined]


def _plant_in_the_worker() -> None:
    """A subscriber that fails with what it was to deliver, and a sweep that stumbles once."""
    failed: list[str] = []
    deliver, sweep = LogChannel.deliver, Worker.sweep

    async def delivering(self: LogChannel, letter: Letter) -> None:
        if repr(letter) not in failed:
            failed.append(repr(letter))
            fail(letter)
        await deliver(self, letter)

    async def sweeping(self: Worker, *, pace: float = 0) -> int:
        if "sweep" not in failed:
            failed.append("sweep")
            fail(self)
        return await sweep(self, pace=pace)

    LogChannel.deliver = delivering  # type: ignore[method-assign]
    Worker.sweep = sweeping  # type: ignore[method-assign]


if __name__ == "__main__":
    plant()
    app()
