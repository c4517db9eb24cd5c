"""The first result of a subscription, without a network."""

import asyncio
from collections.abc import Mapping, MutableMapping
from typing import Any

import orjson

from hexmart.app import Application
from hexmart.live.stream import FOLLOWING

PATIENCE = 60.0  #: seconds, on a machine that is busy with other tests


async def first_result(
    application: Application,
    headers: Mapping[str, str],
    query: str,
    variables: Mapping[str, Any],
    *,
    address: str = "127.0.0.1",
) -> dict[str, Any]:
    """What is told first; nothing where there is nothing to tell yet. Then it hangs up."""
    told = {"Host": "localhost", "Content-Type": "application/json", "Accept": "text/event-stream", **headers}
    into: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    out: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in told.items()],
        "client": (address, 4711),
    }
    body = orjson.dumps({"query": query, "variables": variables})
    into.put_nowait({"type": "http.request", "body": body, "more_body": False})
    call = asyncio.create_task(application(scope, into.get, out.put))
    try:
        async with asyncio.timeout(PATIENCE):
            return await _first(out)
    finally:
        into.put_nowait({"type": "http.disconnect"})
        await call


async def _first(out: asyncio.Queue[MutableMapping[str, Any]]) -> dict[str, Any]:
    streamed = (await out.get())["status"] == 200
    while True:
        part: bytes = (await out.get())["body"]
        if not streamed:
            return orjson.loads(part)  # type: ignore[no-any-return]  # it is no stream but a refusal
        if part.startswith(b"event: next"):
            return orjson.loads(part.partition(b"data: ")[2])  # type: ignore[no-any-return]
        if part == FOLLOWING:
            return {}
