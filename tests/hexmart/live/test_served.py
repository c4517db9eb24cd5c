"""Real sockets and two processes: whoever serves a purchase, whoever follows it is told, and a stop ends well."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import httpx
import psutil
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from hexmart.testing import Client, World
from tests.hexmart.live.talking import ORDER, PATIENCE, STORE
from tests.hexmart.serving import Server, served
from tests.schema.shop import Payload, fill, pay, place

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Server]:
    """Two processes on the test's database, with the test's secret."""
    environment = {
        "HEXMART_DATABASE_URL": database_url,
        "HEXMART_DEMO": "1",
        "HEXMART_SECRET": "a secret for tests only",
    }
    with served(tmp_path_factory.mktemp("live") / "log", environment) as made:
        made.wait_for_two()
        yield made


class Line:
    """A WebSocket to one of the processes."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def heard(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            found: dict[str, Any] = json.loads(await self.socket.recv())
        return found

    async def follow(self, name: str, document: str, **variables: str) -> None:
        await self.say(type="subscribe", id=name, payload={"query": document, "variables": variables})

    async def closed(self) -> int | None:
        with suppress(ConnectionClosed):
            while await self.heard():
                pass
        return self.socket.close_code

    def process(self, server: Server) -> int:
        """Which one it is connected to."""
        here = self.socket.local_address[:2]
        for worker in server.workers():
            if any(one.raddr == here for one in psutil.Process(worker).net_connections()):
                return worker
        raise AssertionError("to none")


@asynccontextmanager
async def line(server: Server, client: Client) -> AsyncIterator[Line]:
    url = f"ws://127.0.0.1:{server.port}/graphql"
    async with connect(
        url, subprotocols=[Subprotocol("graphql-transport-ws")], additional_headers=client.headers
    ) as made:
        one = Line(made)
        await one.say(type="connection_init")
        assert (await one.heard())["type"] == "connection_ack"
        yield one


async def to_each(server: Server, client: Client, lines: list[Line], stack: AsyncExitStack) -> None:
    """Connect until both processes have a line."""
    for _ in range(60):
        made = await stack.enter_async_context(line(server, client))
        lines.append(made)
        if {one.process(server) for one in lines} == set(server.workers()):
            return
    raise AssertionError("one of them takes no connections")


async def test_both_processes_tell_what_a_third_has_done(
    server: Server, client: Client, world: World, manager: Client
) -> None:
    order: Payload = await place(client, await fill(client, world))
    lines: list[Line] = []
    async with AsyncExitStack() as stack:
        await to_each(server, manager, lines, stack)
        for one in lines:
            await one.follow("order", ORDER, id=order["id"])
            assert (await one.heard())["payload"]["data"]["orderUpdated"]["status"] == "PENDING_PAYMENT"
            await one.follow("store", STORE, id=world.stores["S1"])
        await asyncio.sleep(1)  # until the stores are followed, for which the protocol has no word
        await pay(client, order)
        for one in lines:
            told = [await one.heard(), await one.heard()]
            assert {message["id"] for message in told} == {"order", "store"}
            states = [next(iter(message["payload"]["data"].values()))["status"] for message in told]
            assert states == ["PAID", "PAID"]


async def test_a_stream_comes_through_a_real_socket_and_a_stop_ends_all(
    server: Server, client: Client, world: World
) -> None:
    order: Payload = await place(client, await fill(client, world))
    asked = {"query": ORDER, "variables": {"id": order["id"]}}
    headers = client.headers | {"Accept": "text/event-stream"}
    url = f"http://127.0.0.1:{server.port}/graphql"
    async with (
        line(server, client) as one,
        httpx.AsyncClient(timeout=PATIENCE) as http,
        http.stream("POST", url, json=asked, headers=headers) as answer,
    ):
        rows = (row async for row in answer.aiter_lines() if row and not row.startswith(":"))
        assert await anext(rows) == "event: next"
        assert (await anext(rows)).startswith("id: ")
        assert json.loads((await anext(rows)).removeprefix("data: "))["data"]["orderUpdated"]["id"] == order["id"]
        await one.follow("1", ORDER, id=order["id"])
        await one.heard()
        os.kill(server.process.pid, signal.SIGTERM)
        assert await one.closed() == 1012
        assert [row async for row in rows] == ["event: complete", "data:"]
    assert await asyncio.to_thread(server.process.wait, PATIENCE) == 0
