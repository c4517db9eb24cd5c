"""What every benchmark stands on: the data, the API under load, and a look into the database."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from bench.client import Address, Caller
from bench.inside import Inside, counted
from bench.machine import Meter, driver_url, pin
from bench.servers import HEXMART, served
from core.actors import ANONYMOUS
from core.work import Work
from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything is seen through the eyes of the runtime role."""

    databases: Databases
    settings: Settings
    seconds: float  #: for each measurement
    inside: Application  #: the same application in this process, for what is counted and not timed
    watcher: "asyncpg.Connection[asyncpg.Record]"
    pid: int
    port: int

    def api(self, brand: str) -> Address:
        """Where the brand's API answers."""
        return Address(self.port, brand)

    def meter(self, pid: int | None = None, application: str = "hexmart") -> Meter:
        """What the API uses, or another server."""
        return Meter(self.watcher, pid or self.pid, application)

    def own_meter(self) -> Meter:
        """What this process uses."""
        return self.meter(os.getpid())

    def within(self, brand: str) -> Caller:
        """A caller of the application in this process."""
        return Inside(self.inside, brand)

    @asynccontextmanager
    async def reading(self, brand: str) -> AsyncIterator[Work]:
        """A read transaction of the brand."""
        tenant = await self.inside.platform.registry.by_slug(brand)
        async with self.inside.platform.open_work(tenant, ANONYMOUS, read_only=True) as work:
            yield work

    async def statements(self, brand: str, body: bytes) -> int:
        """How many statements a request sends, the second time it is asked, BEGIN and its end included."""
        await self.within(brand).post(body)
        async with counted(self.inside.platform) as seen:
            await self.within(brand).post(body)
        return seen.total()


@asynccontextmanager
async def staged(databases: Databases, settings: Settings, seconds: float) -> AsyncIterator[Stage]:
    """Start what has to run."""
    inside = create_app(databases, settings, with_worker=False)
    watcher = await asyncpg.connect(driver_url(databases.app), server_settings={"application_name": "bench"})
    async with served(HEXMART, environment(settings)) as (pid, port):
        pin(0, 1)
        yield Stage(databases, settings, seconds, inside, watcher, pid, port)
    await watcher.close()
    await inside.platform.close()


def environment(settings: Settings) -> Mapping[str, str]:
    """How the API's process is told what this one knows."""
    return {"HEXMART_HOME": str(settings.home), "HEXMART_DEMO": "1"}
