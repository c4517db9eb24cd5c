"""A transaction whose BEGIN and tenant travel in one message, shared by the ORM and raw asyncpg."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.database.lending import Loan, lent


class Transaction:
    """An open transaction on a connection that is lent for as long."""

    __slots__ = ("_loan", "_read_only", "driver")

    def __init__(self, loan: Loan, *, read_only: bool) -> None:
        self.driver = loan.driver
        self._loan = loan
        self._read_only = read_only

    @property
    def connection(self) -> AsyncConnection:
        """For the ORM."""
        return self._loan.connection

    async def commit(self) -> None:
        """Make it so; a transaction that an error had already ended says so instead of pretending."""
        outcome = await self.driver.execute("COMMIT")
        self._loan.adapter._transaction = None
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

    async def start(loan: Loan) -> Transaction:
        # The adapter must know of the transaction before BEGIN is sent: a request cancelled in between would
        # otherwise hand the next borrower an open transaction with this tenant (SQLAlchemy #13381).
        loan.adapter._transaction = _DriverTransaction(loan.driver)
        await loan.driver.execute(opening)
        return Transaction(loan, read_only=read_only)

    async with lent(engine, start) as transaction:
        yield transaction


async def send(engine: AsyncEngine, sql: str, *arguments: object) -> None:
    """Run one statement that is its own transaction and no tenant's."""
    async with lent(engine, lambda loan: loan.driver.execute(sql, *arguments)):
        pass


def _opening(tenant_id: int, clock_offset: int, read_only: bool) -> str:
    """BEGIN with the tenant as a literal: SET LOCAL is what reaches the workers of a Citus cluster.

    What only reads sees one moment, from its first statement on.
    """
    begin_sql = "BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ" if read_only else "BEGIN"
    moved = f"; SET LOCAL app.clock_offset = '{clock_offset:d}'" if clock_offset else ""
    return f"{begin_sql}; SET LOCAL app.tenant_id = '{tenant_id:d}'{moved}"
