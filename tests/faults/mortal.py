"""A PostgreSQL of a test's own, which is killed in every way and comes back."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from hexmart.embedded import cluster, postmaster
from hexmart.embedded.postmaster import Postmaster
from tests.hexmart.serving import assert_gone


@dataclass(frozen=True)
class Mortal:
    """The server of a home."""

    home: Path

    async def die(self, how: "Death") -> None:
        """Die, and be started again; returns when it can be asked."""
        await asyncio.to_thread(self._die, how)

    def _die(self, how: "Death") -> None:
        data = cluster.data_of(self.home)
        assert data is not None
        running = postmaster.find_settled(data)
        assert running is not None
        how(running)
        cluster.ensure_running(self.home, data)


Death = Callable[[Postmaster], None]


def is_killed_whole(running: Postmaster) -> None:
    """`kill -9` of every process: what was in their memory is gone."""
    everybody = _processes(running)
    for process in everybody:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    assert_gone(everybody)


def stops_at_once(running: Postmaster) -> None:
    """`pg_ctl stop -m immediate`."""
    everybody = _processes(running)
    os.kill(running.pid, signal.SIGQUIT)
    assert_gone(everybody)


def _processes(running: Postmaster) -> list[psutil.Process]:
    """The server, and one for each connection and each chore."""
    server = psutil.Process(running.pid)
    return [server, *server.children()]
