"""Serving over HTTP: the port is checked first, so that a mistake is one sentence."""

import errno
import logging
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import resource_tracker
from typing import Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from hexmart.app import Application
from hexmart.connections import Connection, ProductionConnection, WebSocket
from hexmart.settings import Settings

HEALTHCHECK = 60  #: seconds until a process has to give a sign of life: the first when all is imported, on any machine
log = logging.getLogger("uvicorn.error")  # among its own lines, as it would say it


class PortTaken(Exception):
    """Why the address cannot be listened at."""


def check_port(settings: Settings) -> None:
    """Raise PortTaken when something listens there already, and say what."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(_who(settings)) from None
            raise PortTaken(f"Cannot listen at {settings.host}:{settings.port}: {error.strerror}.") from None


def _who(settings: Settings) -> str:
    url = f"http://{settings.host}:{settings.port}"
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310 - our own address
            ours = b"hexmart" in answer.read(200)
    except OSError:
        ours = False
    if ours:
        return f"Hexmart is running at {url} already: use it, or stop it there with Ctrl-C."
    return f"Port {settings.port} is taken by another program: stop it, or choose another with HEXMART_PORT."


def serve(application: Application, settings: Settings) -> None:
    """Serve until Ctrl-C."""
    uvicorn.run(application, **_options(settings))


def serve_by_several(settings: Settings, workers: int) -> None:
    """Serve by so many processes until Ctrl-C; each makes its application of what the environment says."""
    config = uvicorn.Config("hexmart.asgi:create", factory=True, workers=workers, **_options(settings))
    processes = Processes(config, [SharedPort(settings.host, settings.port)])
    log.info("Serving at http://%s:%d by %d processes (Press CTRL+C to quit)", settings.host, settings.port, workers)
    processes.run()
    if any(process.exitcode == STARTUP_FAILURE for process in processes.processes):
        raise SystemExit(STARTUP_FAILURE)


class SharedPort(socket.socket):
    """A port; whoever is sent it gets a socket of their own there, and Linux spreads connections over all of them.

    Over one socket that several processes hold, the first to wake takes nearly every connection.
    """

    def __init__(self, host: str, port: int) -> None:
        super().__init__(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.bind((host, port))

    def __reduce__(self) -> tuple[type["SharedPort"], tuple[str, int]]:
        return SharedPort, self.getsockname()[:2]


class Processes(Multiprocess):
    """Starts them, replaces those that die, and ends them all."""

    def init_processes(self) -> None:
        """Start them all."""
        resource_tracker.ensure_running()  # as the first start would, and let interrupts through again
        with _interrupts_held():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        """Notice a death at once: held open here too, the other end of a pipe would hide it until time is up."""
        for process in self.processes:
            process.child_conn.close()
        with _interrupts_held():
            super().keep_subprocess_alive()

    def handle_hup(self) -> None:
        """A closed terminal ends several processes as it ends one; uvicorn would start them anew."""
        self.should_exit.set()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """What starts in the block never hears Ctrl-C, which a terminal sends to all: this process tells them to stop."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    yield
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": ProductionConnection if settings.production else Connection,
        "ws": WebSocket,
        "ws_max_size": max(settings.storefront_limits.body_bytes, settings.staff_limits.body_bytes),
        "ws_per_message_deflate": False,  # a small message may be a large one; and each connection would pay for it
        "log_level": settings.log_level.lower(),
        "log_config": None,  # hexmart.logs has set it up
        "proxy_headers": settings.forwarded_allow_ips is not None,
        "forwarded_allow_ips": settings.forwarded_allow_ips,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 5,
        "timeout_worker_healthcheck": HEALTHCHECK,
    }
