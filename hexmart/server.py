"""Serving over HTTP: the port is checked first, so that a mistake is one sentence."""

import errno
import socket
import urllib.request
from contextlib import closing

import uvicorn

from hexmart.app import Application
from hexmart.settings import Settings


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
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_level=settings.log_level.lower(),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
