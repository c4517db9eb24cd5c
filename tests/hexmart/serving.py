"""`hexmart serve --workers 2` as a process of its own, and who speaks to it."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

from tests.processes import HEXMART, free_port

COMMAND = (HEXMART, "serve", "--workers", "2")
PATIENCE = 60.0  #: seconds, on a machine that is busy with other tests
BRAND = "{ brand { slug } }"


def within(seconds: float, done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def workers(self) -> list[int]:
        """The processes that listen."""
        children = psutil.Process(self.process.pid).children()
        return [child.pid for child in children if self.listening(child.pid) is not None]

    def listening(self, worker: int) -> int | None:
        """The file descriptor by which it listens."""
        with suppress(psutil.Error):
            for one in psutil.Process(worker).net_connections():
                if one.status == psutil.CONN_LISTEN:
                    return int(one.fd)
        return None

    def wait_for_two(self) -> list[int]:
        assert within(PATIENCE, lambda: self.process.poll() is not None or len(self.workers()) == 2)
        assert self.process.returncode is None, self.log.read_text()
        return self.workers()

    def connection(self) -> closing[HTTPConnection]:
        return closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE))

    @contextmanager
    def connected(self, worker: int) -> Iterator[HTTPConnection]:
        """A connection that this one of the processes has taken."""
        for _ in range(100):
            with self.connection() as connection:
                assert get(connection, "/health")
                here = connection.sock.getsockname()
                if any(one.raddr == here for one in psutil.Process(worker).net_connections()):
                    yield connection
                    return
        raise AssertionError(f"process {worker} takes no connections")

    def processes(self) -> list[psutil.Process]:
        """All that belong to it."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


@contextmanager
def served(log: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    port = free_port()
    own = {"HEXMART_PORT": str(port), "HEXMART_HOME": str(log.parent / "home"), "TMPDIR": str(log.parent)}
    with log.open("wb") as output:
        # a group of its own, as at a terminal
        process = subprocess.Popen(
            COMMAND, env=os.environ | environment | own, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield Server(process, port, log)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def assert_gone(processes: list[psutil.Process]) -> None:
    """A zombie is gone, though nobody may ever collect what a dead parent has left."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            assert within(PATIENCE, partial(is_zombie, process)), process


def is_zombie(process: psutil.Process) -> bool:
    return process.status() == psutil.STATUS_ZOMBIE


def get(connection: HTTPConnection, path: str) -> str:
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def ask(connection: HTTPConnection, slug: str, query: str, token: str = "") -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "X-Tenant": slug} | (
        {"Authorization": f"Bearer {token}"} if token else {}
    )
    connection.request("POST", "/graphql", json.dumps({"query": query}), headers)
    answer: dict[str, Any] = json.load(connection.getresponse())
    return answer


def begin(connection: HTTPConnection, slug: str) -> bytes:
    """Send half a request; returns the other half."""
    body = json.dumps({"query": BRAND}).encode()
    connection.putrequest("POST", "/graphql")
    for name, value in {"Content-Type": "application/json", "X-Tenant": slug, "Content-Length": len(body)}.items():
        connection.putheader(name, str(value))
    connection.endheaders(body[:5])
    return body[5:]
