"""The machine: which core does what, and how much of it was used."""

import os
from collections.abc import Mapping, Sequence

import asyncpg
import psutil
from sqlalchemy import make_url

BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename = current_user AND application_name = $1"

_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []  # before anything is pinned


def driver_url(url: str) -> str:
    """The URL as asyncpg takes it without SQLAlchemy."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def pin(pid: int, place: int) -> None:
    """Keep a process on the first core that is ours, or on the second, where there are two; 0 is this process."""
    if len(_CORES) > 1:
        os.sched_setaffinity(pid, {_CORES[place]})


def stolen() -> tuple[float, float]:
    """Seconds that the host gave to others, and all seconds; their growth tells how far to trust a run."""
    times = psutil.cpu_times()
    return getattr(times, "steal", 0.0), sum(times)


class Meter:
    """CPU seconds of a server process, and of the PostgreSQL sessions that it holds."""

    def __init__(self, watcher: "asyncpg.Connection[asyncpg.Record]", pid: int, application: str) -> None:
        self._watcher = watcher
        self._pid = pid
        self._application = application

    async def read(self) -> tuple[Mapping[int, float], Mapping[int, float]]:
        """What each process has used up to now: the server, its sessions."""
        sessions = [row["pid"] for row in await self._watcher.fetch(BACKENDS, self._application)]
        return _used([one.pid for one in family(self._pid)], ""), _used(sessions, "postgres")


def grown(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Seconds used in between; a process that was not there before began at nothing."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def family(pid: int) -> list[psutil.Process]:
    """A server with those that work for it; of this process, which starts servers, itself alone."""
    root = psutil.Process(pid)
    return [root] if pid == os.getpid() else [root, *root.children(recursive=True)]


def _used(pids: Sequence[int], name: str) -> dict[int, float]:
    """CPU seconds by process; sessions of a server on another machine are not among ours."""
    used = {}
    for pid in pids:
        try:
            process = psutil.Process(pid)
            if process.name().startswith(name):
                times = process.cpu_times()
                used[pid] = times.user + times.system
        except psutil.Error:
            continue
    return used
