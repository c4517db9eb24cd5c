"""`hexmart serve` as in production: a process of its own, with everything that it writes kept."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.architecture.source import ROOT
from tests.processes import HEXMART, free_port

PATIENCE = 180.0  #: seconds, on a machine that is busy with other tests


@dataclass(frozen=True)
class Served:
    process: subprocess.Popen[bytes]
    url: str
    log: Path


@contextmanager
def served(log: Path, environment: dict[str, str], command: Sequence[str] = (HEXMART, "serve")) -> Iterator[Served]:
    """A server for as long as the block lasts; it has begun to answer when that begins."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    with running(log, environment | {"HEXMART_PORT": str(port)}, command) as process:
        server = Served(process, url, log)
        _wait_for(server)
        yield server


@contextmanager
def running(log: Path, environment: dict[str, str], command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process for as long as the block lasts, with all that it writes in the log."""
    told = os.environ | {"HEXMART_HOME": str(log.parent / "home")} | environment
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=told, stdout=output, stderr=output, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        process.kill()
        process.wait()


def _wait_for(running: Served) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{running.url}/ready").status_code == 200:
                return
        assert running.process.poll() is None, running.log.read_text()
        time.sleep(0.1)
    raise AssertionError(running.log.read_text())
