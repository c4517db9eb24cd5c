"""Connections as clients may misuse them: what is no request is refused, what does not end is ended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
import uvicorn
from uvicorn.server import ServerState

from hexmart import connections
from hexmart.app import Application
from hexmart.connections import LONGEST_HEAD, Connection, ProductionConnection
from hexmart.testing import World
from hexmart.testing.brands import build_world
from tenants import documents
from tests.hexmart.asking import BRAND, ask

pytestmark = pytest.mark.anyio

PATIENCE = 10.0
Connect = Callable[[], Awaitable["Wire"]]


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, *lines: str, body: bytes = b"") -> None:
        """A head with its end, and what follows."""
        await self.drop("\r\n".join((*lines, "", "")).encode() + body)

    async def drop(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, bytes, bytes]:
        """Status, head and body of the next answer."""
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
            return int(head.split(b" ")[1]), head, await self.reader.readexactly(length)

    async def end(self) -> bytes:
        """Everything until the server hangs up; of what it was still sent it may have been told nothing."""
        with suppress(ConnectionResetError):
            async with asyncio.timeout(PATIENCE):
                return await self.reader.read()
        return b""


@pytest.fixture(scope="module")
async def world(application: Application) -> World:
    """One brand for all of these."""
    return await build_world(application.platform)


@pytest.fixture(params=[Connection, ProductionConnection])
def kind(request: pytest.FixtureRequest) -> type[Connection]:
    found: type[Connection] = request.param
    return found


@pytest.fixture
async def connect(application: Application, kind: type[Connection]) -> AsyncIterator[Connect]:
    """A way to the application, by the protocol that serves it."""
    config = uvicorn.Config(application, http=kind, ws="none", lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    state.default_headers = [(b"date", b"now")]
    server = await asyncio.get_running_loop().create_server(lambda: kind(config, state, {}), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    wires = []

    async def made() -> Wire:
        wires.append(Wire(*await asyncio.open_connection("127.0.0.1", port)))
        return wires[-1]

    yield made
    for wire in wires:
        wire.writer.close()
    server.close()


def head(world: World, target: str = "/graphql", *more: str, length: int = len(BRAND)) -> list[str]:
    told = [f"X-Tenant: {world.tenant.slug}", "Content-Type: application/json", f"Content-Length: {length}"]
    return [f"POST {target} HTTP/1.1", "Host: localhost", *told, *more]


async def assert_refused(wire: Wire, kind: type[Connection]) -> None:
    status, head, body = await wire.answer()
    assert status == 400
    assert b"application/json" in head
    assert b"x-content-type-options: nosniff" in head
    assert b"connection: close" in head
    assert (b"strict-transport-security" in head) == (kind is ProductionConnection)
    assert b'"code":"BAD_REQUEST"' in body
    assert b"uvicorn" not in head + body
    assert await wire.end() == b""


async def test_requests_are_answered_one_after_the_other_and_all_at_once(connect: Connect, world: World) -> None:
    wire = await connect()
    for _ in range(3):
        await wire.send(*head(world), body=BRAND)
        assert (await wire.answer())[0] == 200
    await wire.drop(("\r\n".join((*head(world), "", "")).encode() + BRAND) * 3)
    assert [(await wire.answer())[0] for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("version", ["1.1", "1.0"])
async def test_a_kept_answer_goes_out_as_any_other(
    connect: Connect, application: Application, world: World, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr(application.platform.changes, "hearing", lambda: True)
    await documents.register(application.platform, world.tenant, {"kept": "{ brand { slug } }"})
    target, named = "/graphql?documentId=kept", ("X-Tenant", world.tenant.slug)
    first = await ask(application, "GET", target, [named], [b""])
    for more in ((), (("If-None-Match", str(first.header("etag"))),), ()):
        given = await ask(application, "GET", target, [named, *more], [b""])
        wire, hits = await connect(), application.answers.hits
        lines = [f"{name}: {value}" for name, value in (("Host", "localhost"), named, *more)]
        await wire.send(f"GET {target} HTTP/{version}", *lines)
        async with asyncio.timeout(PATIENCE):
            head = (await wire.reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
            body = await wire.reader.readexactly(len(given.body))
        assert application.answers.hits == hits + 1
        assert head[0].startswith(f"HTTP/1.1 {given.status} ")
        last = ["date: now", *(["connection: close"] if version == "1.0" else [])]
        assert head[1:] == [*(f"{name}: {value}" for name, value in given.headers), *last]
        assert body == given.body
        if version == "1.0":
            assert await wire.end() == b""


@pytest.mark.parametrize(
    "target",
    ["http://localhost/graphql", "http://other.localhost/graphql", "HTTP://me@localhost/graphql", "localhost:80"],
)
async def test_a_target_that_names_a_host_is_refused(
    connect: Connect, kind: type[Connection], world: World, target: str
) -> None:
    wire = await connect()
    await wire.send(*head(world, target), body=BRAND)
    await assert_refused(wire, kind)


@pytest.mark.parametrize(
    "lines",
    [
        ("garbage",),
        ("GET / HTTP/1.1", "Host : localhost"),
        ("GET / HTTP/1.1", "Host: localhost", " folded"),
        ("GET / HTTP/1.1", "Host: a\x01b"),
        ("POST /graphql HTTP/1.1", "Host: localhost", "Content-Length: 5", "Content-Length: 6"),
        ("POST /graphql HTTP/1.1", "Host: localhost", "Content-Length: 5", "Transfer-Encoding: chunked"),
        ("POST /graphql HTTP/1.1", "Host: localhost", "Content-Length: -5"),
        ("POST /graphql HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked, identity"),
    ],
)
async def test_what_two_servers_might_read_in_two_ways_is_refused(
    connect: Connect, kind: type[Connection], lines: tuple[str, ...]
) -> None:
    wire = await connect()
    await wire.send(*lines, body=b"hello")
    await assert_refused(wire, kind)


async def test_a_head_without_end_is_cut_off(connect: Connect) -> None:
    wire = await connect()
    await wire.drop(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
    with suppress(ConnectionError):  # it may have hung up meanwhile
        for _ in range(LONGEST_HEAD // 4096 + 1):
            await wire.drop(b"x" * 4096)
    await wire.end()  # before its time is up


@pytest.mark.parametrize("begun", [b"", b"GET /health HT", b"GET /health HTTP/1.1\r\nHost: localhost\r\n"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(connections, "WITHIN", 0.2)
    wire = await connect()
    if begun:
        await wire.drop(begun)
    assert await wire.end() == b""


async def test_drops_of_a_head_do_not_make_the_time_longer(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "WITHIN", 0.3)
    wire = await connect()
    ended = asyncio.create_task(wire.end())
    await wire.drop(b"GET /health HTTP/1.1\r\nX-Drops: ")
    async with asyncio.timeout(PATIENCE):
        while not ended.done():
            wire.writer.write(b"x")
            await asyncio.sleep(0.02)


async def test_a_second_head_has_no_more_time_than_the_first(
    connect: Connect, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WITHIN", 0.3)
    wire = await connect()
    await wire.send(*head(world), body=BRAND)
    assert (await wire.answer())[0] == 200
    await wire.drop(b"GET /health HTTP/1.1\r\nHost: ")
    assert await wire.end() == b""


async def test_who_is_refused_early_may_finish_and_go_on(connect: Connect, world: World) -> None:
    wire = await connect()
    await wire.send(*head(world, length=100_000))
    assert (await wire.answer())[0] == 413
    await wire.drop(b" " * 100_000)
    await wire.send(*head(world), body=BRAND)
    assert (await wire.answer())[0] == 200


async def test_who_is_refused_early_and_does_not_finish_is_hung_up_on(
    connect: Connect, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WITHIN", 0.3)
    wire = await connect()
    await wire.send(*head(world, length=100_000))
    assert (await wire.answer())[0] == 413
    ended = asyncio.create_task(wire.end())
    async with asyncio.timeout(PATIENCE):
        while not ended.done():
            wire.writer.write(b" ")
            await asyncio.sleep(0.02)


async def test_a_connection_that_is_in_use_outlives_the_time_of_a_head(
    connect: Connect, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WITHIN", 0.2)
    wire = await connect()
    for _ in range(6):
        await wire.send(*head(world), body=BRAND)
        assert (await wire.answer())[0] == 200
        await asyncio.sleep(0.08)
