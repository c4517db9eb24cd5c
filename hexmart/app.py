"""The web application: /graphql bare, the rest on FastAPI."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from hexmart import garbage, graphiql, logs
from hexmart.answers import Answers
from hexmart.assembly import assemble, keep_answers
from hexmart.callbacks import Callbacks
from hexmart.callers import Callers
from hexmart.databases import Databases
from hexmart.graphql import GraphQLApp
from hexmart.live import Live, Socket
from hexmart.metrics import Metrics
from hexmart.origins import Origins
from hexmart.plugins import surface
from hexmart.replies import Replies, Reply
from hexmart.rest import Rest
from hexmart.scopes import Receive, Scope, Send
from hexmart.settings import Settings
from hexmart.worker import Worker
from schema import http as oauth
from schema.compose import ComposedSchema
from schema.engine import Engine
from tenants import Platform, clockwork
from tenants.bulletin import CHANNEL as ORDERS
from tenants.changes import CHANNEL as CHANGES
from tenants.changes import deaf
from tenants.doorbell import CHANNEL as OUTBOX
from tenants.listener import Listener
from tenants.registry import CHANNEL as TENANTS

log = structlog.get_logger("app")


class Application:
    """/graphql goes straight to its own ASGI application: a framework's routing costs more than some of its answers."""

    def __init__(
        self,
        platform: Platform,
        schema: ComposedSchema,
        engine: Engine,
        answers: Answers,
        graphql: GraphQLApp,
        rest: Rest,
        metrics: Metrics,
        live: Live,
    ) -> None:
        self.platform = platform
        self.schema = schema
        self.engine = engine
        self.answers = answers
        self.live = live
        self._graphql = graphql
        self._rest = rest
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await Socket(self.live, scope, receive, send).run()
        elif scope["type"] != "http":
            scope.get("state", {})["end_streams"] = self.live.end  # for the server, which waits for those that answer
            await self._rest(scope, receive, send)
        elif scope["path"] != "/graphql":
            await self._rest(scope, receive, self._metrics.counting(send))
        else:
            status = 500  # which the server sends by itself, should this fail
            try:
                status = await self._graphql(scope, receive, send)
            finally:
                self._metrics.count(status)


def create_app(databases: Databases, settings: Settings, *, with_worker: bool) -> Application:
    """The application over a database; with_worker runs the worker in the same process."""
    logs.configure(settings)
    platform = assemble(databases, settings)
    schema = surface(platform.plugins)
    answers = keep_answers(platform, settings, release=schema.as_str())

    worker = Worker(platform) if with_worker else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            async with background(platform, worker, settings, live), metrics.told():
                garbage.settle()
                yield
        except Exception:  # the server writes down that it stops, not why
            log.exception("the application stops")
            raise
        await answers.close()
        await platform.close()

    rest = FastAPI(title="Hexmart", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    callbacks = _add_routes(rest, platform, settings)
    engine = Engine(
        schema,
        storefront=settings.storefront_limits,
        staff=settings.staff_limits,
        development=not settings.production,
        admit=platform.throttle.admit,
    )
    replies = Replies(production=settings.production)
    callers = Callers(platform, base_domain=settings.base_domain)
    origins = Origins(callers, replies, development=not settings.production)
    live = Live(platform, engine, callers, origins, settings.live, at_once=max(settings.pool_size // 2, 1))
    graphql = GraphQLApp(engine, answers, callers, origins, replies, live, page=_page(settings, replies))
    worked = worker.care.tally if worker else None
    metrics = Metrics(engine, settings.metrics_directory, worked, callbacks.tally, live)
    rest.add_api_route("/metrics", metrics.answer)
    door = Rest(rest, origins, replies, settings.storefront_limits)
    return Application(platform, schema, engine, answers, graphql, door, metrics, live)


def _add_routes(rest: FastAPI, platform: Platform, settings: Settings) -> Callbacks:
    """What is asked past GraphQL, but for the metrics, which count what providers are answered."""
    callbacks = Callbacks(platform)
    rest.add_api_route("/health", _health)
    rest.add_api_route("/ready", _ready(platform))
    rest.add_api_route("/callbacks/{plugin}/{address}", callbacks.answer, methods=["POST"])
    rest.include_router(oauth.routes(platform, base_domain=settings.base_domain, production=settings.production))
    return callbacks


def _page(settings: Settings, replies: Replies) -> Reply | None:
    """What a browser is shown at /graphql, where that is being developed for."""
    return None if settings.production else graphiql.page("freshmart" if settings.demo else "", replies)


@asynccontextmanager
async def background(
    platform: Platform, worker: Worker | None, settings: Settings, live: Live | None = None
) -> AsyncIterator[None]:
    """What runs beside the requests: the listener, and perhaps the worker and what looks after those who follow."""
    if settings.movable_clock:
        await clockwork.follow(platform)
    listener = Listener(platform.platform, _handlers(platform, worker, settings), _after_gap(platform))
    platform.changes.hearing = listener.listening.is_set
    tasks = [asyncio.create_task(listener.run())]
    if worker is not None:
        tasks.append(asyncio.create_task(worker.run()))
    if live is not None:
        tasks.append(asyncio.create_task(live.run()))
    try:
        yield
    finally:
        platform.changes.hearing = deaf
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _handlers(platform: Platform, worker: Worker | None, settings: Settings) -> dict[str, Callable[[str], None]]:
    """What to do with what other processes say."""

    def tenant_changed(slug: str) -> None:
        platform.registry.forget(slug)
        platform.changes.tenant_changed(slug)

    def moved(offset: str) -> None:
        clock.move_to_offset(int(offset))
        platform.changes.missed()  # what is open, due or over has changed, though nobody wrote it
        if worker is not None:
            worker.sweep_now()

    handlers: dict[str, Callable[[str], None]] = {TENANTS: tenant_changed, CHANGES: platform.changes.heard}
    if platform.bulletin.heard is not None:
        handlers[ORDERS] = platform.bulletin.heard
    if worker is not None:
        handlers[OUTBOX] = worker.ring
    if settings.movable_clock:
        handlers[clockwork.MOVED] = moved
    return handlers


def _after_gap(platform: Platform) -> Callable[[], None]:
    def gap() -> None:
        """Anything may have happened unheard."""
        platform.changes.missed()

    return gap


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
