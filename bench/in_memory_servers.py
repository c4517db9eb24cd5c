"""The shop in memory over HTTP: our engine behind bare ASGI, Strawberry behind its router for FastAPI."""

import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter

from bench.in_memory_house import asked, shop
from bench.in_memory_strawberry import CACHED
from bench.serving import serve
from hexmart import garbage
from schema.engine import Engine, GraphQLRequest

Message = MutableMapping[str, Any]
Application = Callable[..., Awaitable[None]]


def compiled() -> Application:
    """The engine, and no more around it than HTTP asks for."""
    engine = Engine(shop())

    async def answer(body: bytes) -> bytes:
        request = orjson.loads(body)
        return orjson.dumps(await engine.execute(GraphQLRequest(request["query"], request["variables"]), asked()))

    async def application(
        scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        body = await answer((await receive())["body"]) if scope["method"] == "POST" else b"{}"
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


def strawberry_cached() -> Application:
    """FastAPI with Strawberry's router, as its documentation begins."""
    application = FastAPI()
    application.include_router(GraphQLRouter(CACHED), prefix="/graphql")
    application.add_api_route("/ready", _ready)
    return application


async def _ready() -> None:
    """It is, as soon as it answers."""


if __name__ == "__main__":
    served = {"compiled": compiled, "strawberry_cached": strawberry_cached}[sys.argv[1]]()
    garbage.settle()  # as hexmart.app does
    serve(served)
