"""What pooled connections remember of whoever had them, and how it would be if nobody looked after them."""

from typing import Any

import asyncpg
from sqlalchemy import event

from core.database import engine
from tenants import Platform

POOL = 2  #: connections, so that requests of two brands take turns on them
CLEAN = (None, None)
STATE = "SELECT current_setting('app.tenant_id', true) AS tenant, pg_current_xact_id_if_assigned() AS transaction"


async def states(platform: Platform) -> list[tuple[str | None, object]]:
    """What every pooled connection still knows of whoever had it before."""
    lent = [await platform.app.connect() for _ in range(POOL)]
    found = []
    for connection in lent:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        found.append(await _state(driver))
    for connection in lent:
        await connection.close()
    return found


async def _state(driver: Any) -> tuple[str | None, object]:
    try:
        row = await driver.fetchrow(STATE)
    except asyncpg.InFailedSQLTransactionError:
        return "unknown", "aborted"
    return row["tenant"] or None, row["transaction"]


class Forgetful:
    """What SQLAlchemy's adapter knows of a transaction when it was not told of it: nothing to roll back."""

    def __init__(self, _driver: object) -> None: ...

    async def rollback(self) -> None: ...

    async def commit(self) -> None: ...


def lend_whatever_comes_back(platform: Platform) -> None:
    """Take the check away that keeps open transactions from being lent."""
    event.remove(platform.app.sync_engine, "checkout", engine._refuse_open_transaction)
