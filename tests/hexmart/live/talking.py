"""Clients of connections that stay, speaking to the application without a network."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

from hexmart.testing import Client

PATIENCE = 20.0  #: seconds for what has to come
QUIET = 0.4  #: seconds in which nothing more comes
Headers = Sequence[tuple[str, str]]
Message = MutableMapping[str, Any]
Call = Callable[..., Awaitable[object]]

ORDER = "subscription($id: ID!) { orderUpdated(id: $id) { id status } }"
STORE = "subscription($id: ID!) { storeOrders(storeId: $id) { id status store { code } } }"
BRAND = "{ brand { slug } }"


def headers_of(client: Client) -> Headers:
    """What says who a client is."""
    token = [("Authorization", f"Bearer {client.token}")] if client.token else []
    return [("Host", "localhost"), ("X-Tenant", client.slug), *token]


@dataclass
class Wire:
    """What goes in and comes out of an application that was called."""

    scope: dict[str, Any]
    into: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    out: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    room: asyncio.Event = field(default_factory=asyncio.Event)  #: set while the other end reads
    task: asyncio.Task[object] | None = None

    def call(self, application: Call) -> Self:
        self.room.set()
        self.task = asyncio.create_task(_called(application, self))
        return self

    async def send(self, message: Message) -> None:
        """As a server does: it waits while nothing is read, and closes what is closed."""
        await self.room.wait()
        self.out.put_nowait(message)
        if message["type"] == "websocket.close":
            self.into.put_nowait({"type": "websocket.disconnect", "code": message.get("code", 1000)})

    async def took(self) -> Message:
        async with asyncio.timeout(PATIENCE):
            return await self.out.get()

    async def end(self) -> None:
        """Hang up, and see that the application ends."""
        self.into.put_nowait({"type": self.scope["type"] + ".disconnect", "code": 1005})
        assert self.task is not None
        async with asyncio.timeout(PATIENCE):
            await self.task


async def _called(application: Call, wire: Wire) -> None:
    await application(wire.scope, wire.into.get, wire.send)


def _scope(kind: str, headers: Headers, **more: object) -> dict[str, Any]:
    return {
        "type": kind,
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("192.0.2.1", 50_000),
        "state": {},
        **more,
    }


@dataclass
class Talk:
    """A WebSocket."""

    wire: Wire

    async def say(self, kind: str, **more: object) -> None:
        await self.say_text(orjson.dumps({"type": kind, **more}).decode())

    async def say_text(self, text: str) -> None:
        self.wire.into.put_nowait({"type": "websocket.receive", "text": text})

    async def follow(self, name: str, document: str, *, extensions: object = None, **variables: object) -> None:
        payload: dict[str, object] = {"query": document, "variables": variables}
        if extensions is not None:
            payload["extensions"] = extensions
        await self.say("subscribe", id=name, payload=payload)

    async def heard(self) -> dict[str, Any]:
        """The next message."""
        message = await self.wire.took()
        assert message["type"] == "websocket.send", message
        found: dict[str, Any] = orjson.loads(message["text"])
        return found

    async def next(self, name: str = "1") -> dict[str, Any]:
        """The result that comes next."""
        message = await self.heard()
        assert (message["type"], message["id"]) == ("next", name), message
        payload: dict[str, Any] = message["payload"]
        return payload

    async def closed(self) -> tuple[int, str]:
        """With which code and reason it is closed, after whatever was said before."""
        while (message := await self.wire.took())["type"] != "websocket.close":
            pass
        return message.get("code", 1000), message.get("reason", "")

    async def quiet(self) -> bool:
        """Whether nothing comes for a while."""
        await asyncio.sleep(QUIET)
        return self.wire.out.empty()


@asynccontextmanager
async def connected(
    application: Call, headers: Headers, *, protocols: Sequence[str] = ("graphql-transport-ws",), path: str = "/graphql"
) -> AsyncIterator[Talk]:
    """A WebSocket that was begun."""
    wire = Wire(_scope("websocket", headers, subprotocols=list(protocols), path=path)).call(application)
    wire.into.put_nowait({"type": "websocket.connect"})
    try:
        yield Talk(wire)
    finally:
        await wire.end()


@asynccontextmanager
async def talking(client: Client, **said: object) -> AsyncIterator[Talk]:
    """A WebSocket over which a client is known."""
    async with connected(client.application, headers_of(client)) as talk:
        assert (await talk.wire.took())["subprotocol"] == "graphql-transport-ws"
        await talk.say("connection_init", **({"payload": said} if said else {}))
        assert await talk.heard() == {"type": "connection_ack"}
        yield talk


@dataclass
class Listening:
    """A stream by SSE, read event by event."""

    wire: Wire
    status: int
    headers: dict[str, str]
    _rest: bytes = b""
    over: bool = False

    async def event(self) -> tuple[str, str, Any]:
        """Name, id and data of the next event; comments are passed over."""
        while True:
            block = await self._block()
            assert block or not self.over, "it is over"
            fields = dict(line.partition(": ")[::2] for line in block.splitlines() if not line.startswith(":"))
            fields = {name.rstrip(":"): value for name, value in fields.items()}
            if fields:
                data = fields["data"]
                return fields["event"], fields.get("id", ""), orjson.loads(data) if data else None

    async def next(self) -> dict[str, Any]:
        """The result that comes next."""
        name, _, data = await self.event()
        assert name == "next", (name, data)
        found: dict[str, Any] = data
        return found

    async def completed(self) -> bool:
        """Whether this was all."""
        assert (await self.event())[0] == "complete"
        return await self._block() == "" and self.over

    async def quiet(self) -> bool:
        """Whether nothing but comments comes for a while."""
        await asyncio.sleep(QUIET)
        waiting = [self.wire.out.get_nowait() for _ in range(self.wire.out.qsize())]
        return all(message["body"] == b":\n\n" for message in waiting) and self._rest in (b"", b":\n\n")

    async def body(self) -> Any:
        """Of an answer that is no stream."""
        return orjson.loads((await self.wire.took())["body"])

    async def _block(self) -> str:
        while b"\n\n" not in self._rest and not self.over:
            message = await self.wire.took()
            self._rest += message["body"]
            self.over = not message.get("more_body", False)
        block, _, self._rest = self._rest.partition(b"\n\n")
        return block.decode()


@asynccontextmanager
async def streaming(
    client: Client,
    document: str | None,
    *headers: tuple[str, str],
    method: str = "POST",
    query: bytes = b"",
    without: Collection[str] = (),
    **given: Any,
) -> AsyncIterator[Listening]:
    """A request whose answer is a stream; `without` names headers that it would have."""
    usual = [*headers_of(client), ("Accept", "text/event-stream"), ("Content-Type", "application/json")]
    told = [*(one for one in usual if one[0] not in without), *headers]
    wire = Wire(_scope("http", told, method=method, query_string=query)).call(client.application)
    body = orjson.dumps({"query": document, "variables": given}) if document is not None else b""
    wire.into.put_nowait({"type": "http.request", "body": body, "more_body": False})
    start = await wire.took()
    try:
        yield Listening(wire, start["status"], {name.decode(): value.decode() for name, value in start["headers"]})
    finally:
        await wire.end()
