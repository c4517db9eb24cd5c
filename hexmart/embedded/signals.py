"""Signals around a server that must be stopped by whoever leaves last."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object] | int | None


@contextmanager
def unwinding() -> Iterator[None]:
    """Let SIGTERM and a closed terminal unwind the stack as Ctrl-C does; left alone they end the process at once."""
    deadly = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    with _handled(deadly, _exit):
        yield


@contextmanager
def ignored() -> Iterator[None]:
    """Finish the block even if somebody presses Ctrl-C once more."""
    with _handled([signal.SIGINT, signal.SIGTERM, signal.SIGHUP], signal.SIG_IGN):
        yield


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


@contextmanager
def _handled(numbers: list[signal.Signals], handler: Handler) -> Iterator[None]:
    # Python lets only the main thread choose
    chosen = numbers if threading.current_thread() is threading.main_thread() else []
    before = {number: signal.signal(number, handler) for number in chosen}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
