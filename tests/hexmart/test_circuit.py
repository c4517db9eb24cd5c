"""Nobody waits for what is slow, deaf or not there."""

import asyncio
from contextlib import suppress
from time import perf_counter

import pytest

from hexmart.answers import Answer, Stamp
from hexmart.answers.circuit import Circuit
from tests.hexmart.sharing import BRAND, KEY, Process, Wire

pytestmark = pytest.mark.anyio


async def test_nobody_waits_for_what_does_not_heed_its_cancellation() -> None:
    async def dawdle() -> str:
        for _ in range(5):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.2)
        return "late"

    tried, begun = Circuit(0.02), perf_counter()
    assert await tried.attempt(dawdle) is None
    assert perf_counter() - begun < 0.5
    await tried.end()


async def test_nobody_waits_for_a_redis_that_is_slow_or_not_there() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for _ in range(2):
        process = Process(Wire(), f"redis://127.0.0.1:{port}/0", patience=0.05)
        begun = perf_counter()
        assert await asyncio.gather(*(process.asked() for _ in range(100))) == [None] * 100
        process.keep(KEY, Answer.of(b"body", slug=BRAND, tables=[]), Stamp(BRAND, process.moment))
        assert perf_counter() - begun < 1
        assert process.get(KEY)
        await process.close()
        server.close()  # the second finds nobody at the port
        await server.wait_closed()
