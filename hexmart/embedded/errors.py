"""What can go wrong with the embedded server, each as one sentence for the person at the terminal."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OR_BRING_YOUR_OWN = "or set HEXMART_DATABASE_URL to a PostgreSQL of your own"


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be used; the message is the whole explanation."""


def disk_full(home: Path) -> EmbeddedPostgresError:
    """Name the disk, since the data may lie on another one than the person thinks."""
    return EmbeddedPostgresError(f"The disk that holds {home} is full: free some space and start again.")


def forbidden(path: object) -> EmbeddedPostgresError:
    """Say which path is closed and the two ways around it."""
    return EmbeddedPostgresError(
        f"Permission denied on {path}: run as the user who owns it, set HEXMART_HOME to a directory of your own, "
        f"{OR_BRING_YOUR_OWN}."
    )


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn what the operating system says into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise disk_full(home) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise forbidden(error.filename or home) from error
        raise EmbeddedPostgresError(f"The embedded PostgreSQL cannot be started in {home}: {error}.") from error


def from_output(output: str, home: Path) -> EmbeddedPostgresError:
    """Turn what PostgreSQL printed before it gave up into a sentence."""
    # a full disk may keep PostgreSQL from saying so, since its log lies there too
    nothing_left = shutil.disk_usage(home).free < 2**20
    if nothing_left or "No space left on device" in output or "Disk quota exceeded" in output:
        return disk_full(home)
    if "Permission denied" in output:
        return forbidden(home)
    complaints = [line for line in output.splitlines() if "FATAL" in line or "error:" in line or "PANIC" in line]
    said = (complaints or output.splitlines() or ["it gave no reason"])[-1].strip()
    return EmbeddedPostgresError(f"The embedded PostgreSQL in {home} did not start: {said}")
