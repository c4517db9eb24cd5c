"""The servers that are measured, each a process of its own on the first core."""

import asyncio
import os
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from socket import socket

from bench.client import Unexpected
from bench.machine import pin

HEXMART = (str(Path(sysconfig.get_path("scripts")) / "hexmart"), "serve")
BASELINE = (sys.executable, "-m", "bench.baseline")
BARE = (sys.executable, "-m", "bench.bare")
PATIENCE = 90.0  #: seconds until a server must answer


@asynccontextmanager
async def served(
    command: Sequence[str], environment: Mapping[str, str], *, pinned: bool = True
) -> AsyncIterator[tuple[int, int]]:
    """Run a server for as long as the block lasts; its process and port. One of several processes takes both cores."""
    port = _free_port()
    told = os.environ | environment | {"HEXMART_PORT": str(port), "HEXMART_LOG_LEVEL": "WARNING"}
    process = subprocess.Popen(command, env=told)  # noqa: ASYNC220 - nothing else happens meanwhile
    try:
        if pinned:
            pin(process.pid, 0)
        async with asyncio.timeout(PATIENCE):
            while not await _ready(port):
                if process.poll() is not None:
                    raise Unexpected(f"{' '.join(command)} ended with {process.returncode}")
                await asyncio.sleep(0.05)
        yield process.pid, port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _ready(port: int) -> bool:
    with suppress(OSError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        line = await reader.readline()
        writer.close()
        return line.startswith(b"HTTP/1.1 200")
    return False
