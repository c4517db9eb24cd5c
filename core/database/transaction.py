"""A transaction whose BEGIN and tenant travel in one message, shared by the ORM and raw asyncpg."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

# What a connection says when its server has gone away.
_LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell lies unread in the socket
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
)


class Transaction:
    """An open transaction: the SQLAlchemy connection and the asyncpg connection beneath it."""

    __slots__ = ("_adapter", "_read_only", "connection", "driver")

    def __init__(
        self,
        connection: AsyncConnection,
        adapter: Any,
        driver: "asyncpg.Connection[asyncpg.Record]",
        *,
        read_only: bool,
    ) -> None:
        self.connection = connection
        self.driver = driver
        self._adapter = adapter
        self._read_only = read_only

    async def commit(self) -> None:
        """Make it so; a transaction that an error had already ended says so instead of pretending."""
        outcome = await self.driver.execute("COMMIT")
        self._adapter._transaction = None
        if outcome != "COMMIT" and not self._read_only:  # a read that failed has said so already
            raise RuntimeError(f"the transaction ended in {outcome}")


class _DriverTransaction:
    """What SQLAlchemy's adapter calls when the pool takes a connection back."""

    __slots__ = ("_driver",)

    def __init__(self, driver: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._driver = driver

    async def commit(self) -> None:
        await self._driver.execute("COMMIT")

    async def rollback(self) -> None:
        await self._driver.execute("ROLLBACK")


@asynccontextmanager
async def begin(
    engine: AsyncEngine, *, tenant_id: int, clock_offset: int, read_only: bool
) -> AsyncIterator[Transaction]:
    """Open a transaction bound to one tenant; leaving without commit() rolls it back."""
    opening = _opening(tenant_id, clock_offset, read_only)
    async with AsyncExitStack() as stack:
        # After a restart of the server every pooled connection is dead, and nothing has been done on it yet:
        # throw dead ones away until a live one is found, which is a new one at the latest.
        for remaining in range(_pool_size(engine), -1, -1):
            connection = await stack.enter_async_context(engine.connect())
            try:
                transaction = await _open(connection, opening, read_only)
                break
            except _LOST:
                await connection.invalidate()
                await connection.close()
                if not remaining:
                    raise
        yield transaction


async def _open(connection: AsyncConnection, opening: str, read_only: bool) -> Transaction:
    pooled = await connection.get_raw_connection()
    adapter: Any = pooled.dbapi_connection
    driver: asyncpg.Connection[asyncpg.Record] = adapter.driver_connection
    # The adapter must know of the transaction before BEGIN is sent: a request cancelled in between would
    # otherwise hand the next borrower an open transaction with this tenant (SQLAlchemy #13381).
    adapter._transaction = _DriverTransaction(driver)
    await driver.execute(opening)
    return Transaction(connection, adapter, driver, read_only=read_only)


def _pool_size(engine: AsyncEngine) -> int:
    pool = engine.pool
    return pool.size() if isinstance(pool, QueuePool) else 1


def _opening(tenant_id: int, clock_offset: int, read_only: bool) -> str:
    """BEGIN with the tenant as a literal: SET LOCAL is what reaches the workers of a Citus cluster."""
    begin_sql = "BEGIN READ ONLY" if read_only else "BEGIN"
    moved = f"; SET LOCAL app.clock_offset = '{clock_offset:d}'" if clock_offset else ""
    return f"{begin_sql}; SET LOCAL app.tenant_id = '{tenant_id:d}'{moved}"
