"""Connections lent by the pool itself: SQLAlchemy's own around each costs more than a read's BEGIN and COMMIT."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection, QueuePool
from sqlalchemy.util import greenlet_spawn

Begun = TypeVar("Begun")

#: what a connection says when its server has gone away
LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell lies unread in the socket
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
)


class Loan:
    """A connection of the pool: asyncpg's, and SQLAlchemy's around it for whoever needs that."""

    __slots__ = ("_connection", "_engine", "_pooled", "adapter", "driver")

    def __init__(self, engine: AsyncEngine, pooled: PoolProxiedConnection) -> None:
        self._engine = engine
        self._pooled = pooled
        self._connection: AsyncConnection | None = None
        adapter: Any = pooled.dbapi_connection
        self.adapter = adapter  #: of asyncpg to what SQLAlchemy expects of a driver
        self.driver: asyncpg.Connection[asyncpg.Record] = adapter.driver_connection

    @property
    def connection(self) -> AsyncConnection:
        """The same connection for the ORM."""
        if self._connection is None:
            self._connection = AsyncConnection(self._engine, Connection(self._engine.sync_engine, self._pooled))
        return self._connection

    async def give_back(self) -> None:
        """Return it; what was begun and not ended is rolled back, however the borrower was interrupted."""
        if self.adapter._transaction is None:
            self._pooled.close()
        else:
            await asyncio.shield(asyncio.ensure_future(greenlet_spawn(self._pooled.close)))

    async def throw_away(self) -> None:
        """Leave its place in the pool to a new one."""
        await greenlet_spawn(self._pooled.invalidate)
        self._pooled.close()


@asynccontextmanager
async def lent(engine: AsyncEngine, start: Callable[[Loan], Awaitable[Begun]]) -> AsyncIterator[Begun]:
    """Start something on a connection, which is lent for as long as the block lasts."""
    loan, begun = await _started(engine, start)
    try:
        yield begun
    finally:
        await loan.give_back()


async def _started(engine: AsyncEngine, start: Callable[[Loan], Awaitable[Begun]]) -> tuple[Loan, Begun]:
    """After a restart of the server every pooled connection is dead, and nothing has been done on it yet.

    Dead ones are thrown away until a live one is found, which is a new one at the latest.
    """
    remaining = _pool_size(engine)
    while True:
        loan = Loan(engine, await _borrowed(engine))
        try:
            return loan, await start(loan)
        except LOST:
            await loan.throw_away()
            if not remaining:
                raise
            remaining -= 1
        except BaseException:
            await loan.give_back()
            raise


async def _borrowed(engine: AsyncEngine) -> PoolProxiedConnection:
    """A connection of the pool; where none can be had, asyncpg's word for why, which callers know."""
    try:
        return await greenlet_spawn(engine.pool.connect)
    except engine.dialect.loaded_dbapi.Error as error:
        raise error.__cause__ or error from None


def _pool_size(engine: AsyncEngine) -> int:
    pool = engine.pool
    return pool.size() if isinstance(pool, QueuePool) else 1
