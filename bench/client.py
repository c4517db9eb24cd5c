"""A keep-alive HTTP client small enough not to be what is measured."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import orjson


class Unexpected(Exception):
    """An answer that a benchmark cannot go on with."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, and for which brand it is asked."""

    port: int
    brand: str
    host: str = "127.0.0.1"


class Caller(Protocol):
    """Whoever takes a GraphQL request to the application."""

    async def post(self, body: bytes, token: str | None = None) -> bytes: ...


class Connection:
    """One connection to a server, for one request at a time."""

    def __init__(self, address: Address, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._host = f"HTTP/1.1\r\nHost: {address.host}\r\nX-Tenant: "
        self._brand = f"{self._host}{address.brand}\r\n"
        self.tag = b""  #: of the last answer that had one

    async def post(self, body: bytes, token: str | None = None, *, brand: str | None = None) -> bytes:
        """The body of the answer, of another brand if one is named; anything but 200 is Unexpected."""
        asked = f"{self._host}{brand}\r\n" if brand else self._brand
        caller = f"Authorization: Bearer {token}\r\n" if token else ""
        head = f"POST /graphql {asked}Content-Type: application/json\r\n{caller}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        return await self._answer()

    async def get(self, path: str, tag: bytes | None = None) -> bytes:
        """The body, or nothing where the tag says that it is known."""
        known = b"If-None-Match: %s\r\n" % tag if tag else b""
        self._writer.write(f"GET {path} {self._brand}".encode() + known + b"\r\n")
        return await self._answer()

    async def _answer(self) -> bytes:
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if b"\r\netag: " in head:
            self.tag = head.partition(b"\r\netag: ")[2].split(b"\r\n", 1)[0]
        if head.startswith(b"http/1.1 304"):
            return b""
        _, _, length = head.partition(b"content-length:")
        answer = await self._reader.readexactly(int(length.split(b"\r\n", 1)[0]))
        if not head.startswith(b"http/1.1 200"):
            raise Unexpected(f"{head.splitlines()[0].decode()}: {answer.decode()}")
        return answer

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@asynccontextmanager
async def connected(address: Address, count: int) -> AsyncIterator[list[Connection]]:
    """So many connections, for as long as the block lasts."""
    async with AsyncExitStack() as stack:
        connections = []
        for _ in range(count):
            streams = await asyncio.open_connection(address.host, address.port)
            connections.append(Connection(address, *streams))
            stack.callback(connections[-1].close)
        yield connections


def request(document: str, **variables: Any) -> bytes:
    """The body of a request."""
    return orjson.dumps({"query": document, "variables": variables})


async def ask(caller: Caller, document: str, token: str | None = None, **variables: Any) -> Any:
    """The data of an answer that must be without errors."""
    answer = orjson.loads(await caller.post(request(document, **variables), token))
    if answer.get("errors"):
        raise Unexpected(answer["errors"])
    return answer["data"]


async def do(caller: Caller, document: str, token: str | None = None, **wanted: Any) -> Any:
    """The payload of a document's one mutation, which must not be refused."""
    (payload,) = (await ask(caller, document, token, input=wanted)).values()
    if payload["userErrors"]:
        raise Unexpected(payload["userErrors"])
    return payload
