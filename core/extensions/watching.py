"""A plugin that holds the process, awaiting nothing, is interrupted: all other requests stand still meanwhile."""

import signal
import threading
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any, Generic, TypeVar

LONGEST_STEP = 1.0  #: seconds between two awaits
Value = TypeVar("Value")


class Stuck(RuntimeError):
    """It has run for too long without awaiting anything."""


class Watched(Generic[Value]):
    """Awaits a coroutine and has each of its steps end in time, by an alarm that the operating system sends.

    Only the main thread hears alarms, and only where nobody else has asked for them; elsewhere nothing is watched. Code
    of C that does not return to Python hears none either.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, Value]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, Value]:
        step: Callable[[], Any] = partial(self._coroutine.send, None)
        while True:
            try:
                with _alarm():
                    awaited = step()
            except StopIteration as over:
                result: Value = over.value
                return result
            try:
                given = yield awaited
            except GeneratorExit:
                self._coroutine.close()
                raise
            except BaseException as error:  # noqa: BLE001 - whatever is thrown into us is meant for it
                step = partial(self._coroutine.throw, error)
            else:
                step = partial(self._coroutine.send, given)


@contextmanager
def _alarm() -> Iterator[None]:
    if not _is_heard():
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, LONGEST_STEP)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _is_heard() -> bool:
    if threading.current_thread() is not threading.main_thread():
        return False
    known = signal.getsignal(signal.SIGALRM)
    if known is signal.SIG_DFL:
        signal.signal(signal.SIGALRM, _interrupt)
        return True
    return known is _interrupt


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise Stuck(f"it has held the process for {LONGEST_STEP:g} s")
