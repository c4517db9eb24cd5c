"""The server goes away and comes back: what follows is answered as if nothing had been."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from hexmart.databases import Databases
from hexmart.testing import Client

pytestmark = pytest.mark.anyio

TERMINATE = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'hexmart_app'"


async def test_no_request_fails_after_every_pooled_connection_has_died(client: Client, databases: Databases) -> None:
    await client.run("{ products { nodes { name } } }")
    owner = create_async_engine(databases.owner)
    async with owner.connect() as connection:
        ended = await connection.scalar(text(TERMINATE))
    await owner.dispose()
    assert ended
    for _ in range(ended + 1):
        data = await client.run("{ products { nodes { name } } }")
        assert len(data["products"]["nodes"]) == 3


async def test_a_request_that_waits_too_long_for_a_connection_is_told_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = client.application.platform.app.pool
    monkeypatch.setattr(pool, "_timeout", 0.05)
    lent = [await client.application.platform.app.connect() for _ in range(pool.size())]  # type: ignore[attr-defined]
    try:
        assert await client.code("{ products { nodes { name } } }") == "RATE_LIMITED"
        payload = await client.do("cartCreate", {}, "cart { id }")
        assert [error["code"] for error in payload["userErrors"]] == ["BUSY"]
        assert payload["userErrors"][0]["retryAfter"] == 1
    finally:
        for connection in lent:
            await connection.close()
