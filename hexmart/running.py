"""What the commands run."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import tenants
from core.ids import new_secret
from hexmart import logs
from hexmart.app import background, create_app
from hexmart.assembly import assemble
from hexmart.databases import Databases, available
from hexmart.server import check_port, serve_by_several
from hexmart.server import serve as serve_http
from hexmart.settings import Settings
from hexmart.worker import Worker
from tenants import clockwork
from tenants.listener import Listener

PATIENCE = 30.0  #: seconds to wait for a worker to have swept


def serve(settings: Settings, workers: int) -> None:
    """The API alone, by one process or by several."""
    check_port(settings)
    with available(settings) as databases:
        if workers == 1:
            serve_http(create_app(databases, settings, with_worker=False), settings)
            return
        logs.configure(settings)
        with _told(databases):
            serve_by_several(settings, workers)


@contextmanager
def _told(databases: Databases) -> Iterator[None]:
    """Tell the processes of the block what this one knows by their environment, which no other user can read."""
    with tempfile.TemporaryDirectory(prefix="hexmart-metrics-") as metrics:
        os.environ |= {"HEXMART_DATABASE_URL": databases.owner, "HEXMART_METRICS_DIRECTORY": metrics}
        yield


def work(settings: Settings) -> None:
    """The worker alone, until it is interrupted."""
    with available(settings) as databases:
        asyncio.run(_work(databases, settings))


async def _work(databases: Databases, settings: Settings) -> None:
    logs.configure(settings)
    platform = assemble(databases, settings)
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    async with background(platform, Worker(platform), settings):
        await told_to_stop.wait()
    await platform.close()


async def add_operator(databases: Databases, settings: Settings, email: str) -> str | None:
    """Let somebody operate the platform; returns their first password, None when they do already."""
    platform, password = assemble(databases, settings), new_secret()
    try:
        return password if await tenants.add_operator(platform, email, password) else None
    finally:
        await platform.close()


async def advance_clock(databases: Databases, settings: Settings, by: timedelta) -> tuple[int, bool]:
    """Move the clock; returns the new offset in seconds and whether a worker has swept since."""
    platform = assemble(databases, settings)
    swept: asyncio.Queue[int] = asyncio.Queue()
    handlers = {clockwork.SWEPT: lambda payload: swept.put_nowait(int(payload))}
    listener = Listener(platform.platform, handlers, lambda: None)
    listening = asyncio.create_task(listener.run())
    await listener.listening.wait()
    offset = await clockwork.advance(platform, by)
    try:
        async with asyncio.timeout(PATIENCE):
            while await swept.get() < offset:
                pass
    except TimeoutError:
        return offset, False
    else:
        return offset, True
    finally:
        listening.cancel()
        await platform.close()
