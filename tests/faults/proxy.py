"""A way to PostgreSQL over TCP, on which answers can be late or lost."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum

from sqlalchemy import make_url

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"  #: the message that ends a transaction
READS = b"BEGIN READ ONLY"
ANY = 64 * 1024
RESET = struct.pack("ii", 1, 0)  #: SO_LINGER: what closes this way is reset


class Loss(StrEnum):
    """What becomes of a COMMIT."""

    QUESTION = "never arrives"
    ANSWER = "is carried out, and its answer is lost"
    HALF = "is carried out, and the answer's way is closed"


class _Way:
    """One connection and its two directions."""

    def __init__(self, proxy: "Proxy", client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._writes = False  #: whether its transaction does
        self._losing: Loss | None = None

    async def there(self, reader: asyncio.StreamReader) -> None:
        """From the client to the server."""
        while data := await reader.read(ANY):
            if b"BEGIN" in data:
                self._writes = READS not in data
            if COMMIT in data and self._writes:
                self._losing = self._proxy.loss_of_a_commit()
            if self._losing == Loss.QUESTION:
                return
            await self._pass_on(self._server, data)

    async def back(self, reader: asyncio.StreamReader) -> None:
        """From the server to the client."""
        while data := await reader.read(ANY):
            if self._losing == Loss.HALF:
                self._client.write_eof()
                await asyncio.sleep(0.01)
            if self._losing is not None:
                return
            await self._pass_on(self._client, data)

    async def _pass_on(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        await asyncio.sleep(self._proxy.late)
        writer.write(data)
        await writer.drain()

    def reset(self) -> None:
        for writer in (self._client, self._server):
            end = writer.get_extra_info("socket")
            if end.family != socket.AF_UNIX:
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()


class Proxy:
    """Passes everything on, and loses what it is told to."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._ways: set[_Way] = set()
        self.late = 0.0  #: seconds that each message takes
        self.losses: list[Loss] = []  #: of the next transactions that write
        self.lost = 0
        self.port = 0

    @property
    def url(self) -> str:
        """Where the database is by this way."""
        here = self._url.set(host="127.0.0.1", port=self.port, query={"ssl": "disable"})
        return here.render_as_string(hide_password=False)

    def loss_of_a_commit(self) -> Loss | None:
        if not self.losses:
            return None
        self.lost += 1
        return self.losses.pop(0)

    def cut(self) -> int:
        """Reset every connection; returns how many there were."""
        for way in self._ways:
            way.reset()
        return len(self._ways)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, for as long as both sides stay."""
        host = str(self._url.query.get("host") or self._url.host)
        port = int(str(self._url.query.get("port") or self._url.port or 5432))
        opening = (
            asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            if host.startswith("/")
            else asyncio.open_connection(host, port)
        )
        answers, questions = await opening
        way = _Way(self, writer, questions)
        self._ways.add(way)
        directions = [asyncio.ensure_future(way.there(reader)), asyncio.ensure_future(way.back(answers))]
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)
            self._ways.discard(way)
            way.reset()


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[Proxy]:
    """A proxy before a database."""
    proxy = Proxy(url)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()
