"""The web application: /graphql bare, the rest on FastAPI."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from hexmart import logs
from hexmart.assembly import assemble
from hexmart.databases import Databases
from hexmart.graphql import GraphQLApp, Receive, Scope, Send
from hexmart.settings import Settings
from hexmart.worker import Worker
from schema.compose import ComposedSchema, compose
from schema.engine import Engine
from schema.modules import MODULES
from tenants import Platform, clockwork
from tenants.doorbell import CHANNEL as OUTBOX
from tenants.listener import Listener
from tenants.registry import CHANNEL as TENANTS


class Application:
    """/graphql goes straight to its own ASGI application: a framework's routing costs more than some of its answers."""

    def __init__(self, platform: Platform, schema: ComposedSchema, graphql: GraphQLApp, rest: FastAPI) -> None:
        self.platform = platform
        self.schema = schema
        self._graphql = graphql
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/graphql":
            await self._graphql(scope, receive, send)
        else:
            await self._rest(scope, receive, send)


def create_app(databases: Databases, settings: Settings, *, with_worker: bool) -> Application:
    """The application over a database; with_worker runs the worker in the same process."""
    logs.configure(settings)
    platform = assemble(databases, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with background(platform, Worker(platform) if with_worker else None, settings):
            # The schema and its libraries live as long as the process: the collector need not look at them again.
            gc.collect()
            gc.freeze()
            yield
        await platform.close()

    rest = FastAPI(title="Hexmart", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    rest.add_api_route("/health", _health)
    rest.add_api_route("/ready", _ready(platform))
    schema = compose(MODULES)
    return Application(platform, schema, GraphQLApp(platform, Engine(schema), base_domain=settings.base_domain), rest)


@asynccontextmanager
async def background(platform: Platform, worker: Worker | None, settings: Settings) -> AsyncIterator[None]:
    """What runs beside the requests: the listener, and perhaps the worker."""
    if settings.movable_clock:
        await clockwork.follow(platform)
    listener = Listener(platform.platform, _handlers(platform, worker, settings), platform.registry.forget_all)
    tasks = [asyncio.create_task(listener.run())]
    if worker is not None:
        tasks.append(asyncio.create_task(worker.run()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _handlers(platform: Platform, worker: Worker | None, settings: Settings) -> dict[str, Callable[[str], None]]:
    """What to do with what other processes say."""

    def moved(offset: str) -> None:
        clock.move_to_offset(int(offset))
        if worker is not None:
            worker.sweep_now()

    handlers: dict[str, Callable[[str], None]] = {TENANTS: platform.registry.forget}
    if worker is not None:
        handlers[OUTBOX] = worker.ring
    if settings.movable_clock:
        handlers[clockwork.MOVED] = moved
    return handlers


async def _health() -> JSONResponse:
    """Whether the process lives; it says nothing of the database."""
    return JSONResponse({"service": "hexmart", "status": "alive"})


def _ready(platform: Platform) -> Callable[[], Awaitable[JSONResponse]]:
    async def ready() -> JSONResponse:
        """Whether requests can be answered."""
        try:
            async with platform.app.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (OSError, SQLAlchemyError):
            return JSONResponse({"status": "the database does not answer"}, status_code=503)
        return JSONResponse({"status": "ready"})

    return ready
