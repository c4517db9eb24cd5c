"""A transaction whose BEGIN and tenant travel in one message, shared by the ORM and raw asyncpg."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

Begun = TypeVar("Begun")

#: what a connection says when its server has gone away
LOST = (
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
        yield await _on_a_live_one(stack, engine, lambda connection: _open(connection, opening, read_only))


async def send(engine: AsyncEngine, sql: str, *arguments: Any) -> None:
    """Run one statement that is its own transaction and no tenant's."""

    async def execute(connection: AsyncConnection) -> None:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(sql, *arguments)

    async with AsyncExitStack() as stack:
        await _on_a_live_one(stack, engine, execute)


async def _on_a_live_one(
    stack: AsyncExitStack, engine: AsyncEngine, start: Callable[[AsyncConnection], Awaitable[Begun]]
) -> Begun:
    """Start something on a connection that is lent until the stack is closed.

    After a restart of the server every pooled connection is dead, and nothing has been done on it yet: dead ones are
    thrown away until a live one is found, which is a new one at the latest.
    """
    remaining = _pool_size(engine)
    while True:
        connection = await stack.enter_async_context(engine.connect())
        try:
            return await start(connection)
        except LOST:
            await connection.invalidate()
            await connection.close()
            if not remaining:
                raise
            remaining -= 1


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
