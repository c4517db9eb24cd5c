"""What is said where no connection can be had."""

import asyncpg
import pytest

from core.database import create_engine, send

pytestmark = pytest.mark.anyio


async def test_a_server_that_is_starting_up_says_so_in_words_that_callers_know(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise asyncpg.CannotConnectNowError("the database system is starting up")

    engine = create_engine(database_url, pool_size=1)
    monkeypatch.setattr(asyncpg, "connect", fail)
    with pytest.raises(asyncpg.CannotConnectNowError):
        await send(engine, "SELECT 1")
    await engine.dispose()
