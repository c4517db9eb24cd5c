"""The demo as `make demo` starts it, with couriers beside it: what the README has one paste works, word for word."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import pytest
import uvicorn
from rich.console import Console

from core import clock
from hexmart import embedded
from hexmart.app import create_app
from hexmart.databases import Databases
from hexmart.demo import up
from hexmart.demo.couriers import Couriers, couriers
from hexmart.settings import Settings
from tests import tour
from tests.processes import free_port

pytestmark = pytest.mark.anyio


@pytest.fixture
def chosen(tmp_path: Path) -> Iterator[Settings]:
    """A demo on a server of its own: its clock is moved."""
    with embedded.running(tmp_path) as url:
        told = {"home": tmp_path, "database_url": url, "port": free_port()}
        yield up.settings().model_copy(update=told)
    embedded.erase(tmp_path)
    clock.move_to_offset(0)


@asynccontextmanager
async def running(chosen: Settings) -> AsyncIterator[Couriers]:
    """The demo, smaller than by itself."""
    assert chosen.database_url is not None
    databases = Databases.of(chosen.database_url, chosen)
    with couriers() as carriers:
        await up.prepare(databases, chosen, Console(file=StringIO()), stores=4, products=20, tenants=1)
        await up.enlist(carriers, databases, chosen)
        application = create_app(databases, chosen, with_worker=True)
        server = uvicorn.Server(uvicorn.Config(application, port=chosen.port, log_config=None))
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has a flag and no event
            await asyncio.sleep(0.01)
        try:
            yield carriers
        finally:
            server.should_exit = True
            await task


async def paste(script: str, chosen: Settings) -> str:
    """What is printed; nothing of it may be refused."""
    told = {"HEXMART_URL": f"http://127.0.0.1:{chosen.port}", "HEXMART_HOME": str(chosen.home)}
    shell = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        script,
        cwd=tour.ROOT,
        env={**os.environ, **told, "HEXMART_DATABASE_URL": chosen.database_url or ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await shell.communicate()
    assert shell.returncode == 0, printed.decode()[-4_000:]
    return printed.decode()


async def test_an_order_is_seen_travelling_to_the_door(chosen: Settings) -> None:
    async with running(chosen) as carriers:
        printed = await paste(tour.script(*tour.SECTIONS), chosen)
    travelled = printed[printed.index("deliveryQuotes") :]
    assert '"provider": "dada"' in travelled
    assert "event: next" in travelled  # of the subscription
    assert '"status": "PICKED_UP"' in travelled
    assert '"paymentStatus": "PARTLY_REFUNDED"' in travelled
    assert '"latitude": 31.2' in travelled
    assert travelled.rstrip().count('"status": "DELIVERED"') >= 1
    assert '"status": "COMPLETED"' in travelled[travelled.rindex('"shipment"') - 200 :]
    assert carriers.dada.refused == []
