"""What it takes to run the command in a process of its own."""

import socket
import sysconfig
from pathlib import Path

HEXMART = str(Path(sysconfig.get_path("scripts")) / "hexmart")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
