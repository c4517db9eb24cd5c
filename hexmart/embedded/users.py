"""Who uses the server: the kernel's locks count, so that a killed process counts no longer."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hexmart.embedded.errors import explained


class User:
    """This process among those that use the server of one home."""

    def __init__(self, home: Path, descriptor: int) -> None:
        """Share the lock that everybody holds while in need of the server."""
        self._home = home
        self._descriptor = descriptor
        fcntl.flock(descriptor, fcntl.LOCK_SH)

    @contextmanager
    def alone_at_the_switch(self) -> Iterator[None]:
        """Keep the others from starting or stopping the server meanwhile."""
        with _opened(self._home / "postgres.switch") as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield

    def is_last(self) -> bool:
        """Whether nobody else needs the server. To be asked once, when leaving: the question may lose the share."""
        with suppress(BlockingIOError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False


@contextmanager
def arrived(home: Path) -> Iterator[User]:
    """Count among the users until the block ends, or the process, in whatever way."""
    with explained(home):
        home.mkdir(parents=True, exist_ok=True)
    with _opened(home / "postgres.users") as descriptor:
        yield User(home, descriptor)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    with explained(path.parent):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
