"""The running server, as its postmaster.pid tells of it."""

import os
import pwd
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from hexmart.embedded.account import may_reach

PORT = 5432
SOCKETS = "hexmart-sockets-"

# sun_path holds 108 bytes on Linux and 104 on macOS, one of which ends the string
LONGEST_SOCKET = 103


@dataclass(frozen=True, kw_only=True, slots=True)
class Postmaster:
    """A server that runs right now."""

    pid: int
    data: Path
    sockets: Path
    status: str

    def is_alive(self) -> bool:
        """Whether the process is still this server: after a crash its number may be somebody else's."""
        try:
            process = psutil.Process(self.pid)
            return process.name() == "postgres" and self._is_started_on_data(process.cmdline())
        except psutil.Error:  # gone, or a zombie that nobody has collected yet
            return False

    def _is_started_on_data(self, command: list[str]) -> bool:
        if "-D" not in command[:-1]:
            return False
        directory = Path(command[command.index("-D") + 1])
        return directory == self.data or not directory.exists()  # moved while it ran: it is still the one

    def stop(self) -> None:
        """End it in good order; after twenty seconds without, since the write-ahead log makes that safe too."""
        os.kill(self.pid, signal.SIGINT)
        if not _within(20, lambda: not self.is_alive()):
            os.kill(self.pid, signal.SIGQUIT)
            _within(5, lambda: not self.is_alive())
        if self.sockets.name.startswith(SOCKETS):
            shutil.rmtree(self.sockets, ignore_errors=True)


def find(data: Path) -> Postmaster | None:
    """The server that runs on this data, if one does."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if not lines:
        return None
    pid, sockets, status = lines[0], lines[4] if len(lines) > 4 else "", lines[7] if len(lines) > 7 else "starting"
    found = Postmaster(pid=int(pid), data=data, sockets=Path(sockets), status=status.strip())
    return found if found.is_alive() else None


def find_settled(data: Path) -> Postmaster | None:
    """The same, once it is neither starting nor stopping."""
    _within(60, lambda: (found := find(data)) is None or found.status == "ready")
    return find(data)


def socket_directory(data: Path, account: pwd.struct_passwd) -> Path:
    """Where the socket goes: beside the data, or to a fresh private directory when that path is too long."""
    if _fits(data):
        return data
    shared = Path(tempfile.gettempdir())
    if not _fits(shared / f"{SOCKETS}12345678") or not may_reach(account, shared):
        shared = Path("/tmp")  # noqa: S108 - what is made in it is private and has a fresh name
    return Path(tempfile.mkdtemp(dir=shared, prefix=SOCKETS))


def _fits(directory: Path) -> bool:
    # the setting is a list, in which a comma or a quote would begin something new
    path = str(directory / f".s.PGSQL.{PORT}")
    return len(os.fsencode(path)) <= LONGEST_SOCKET and not {",", '"'} & set(path)


def _within(seconds: float, done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
