"""Engines, and the check that no connection is lent out with a transaction left open."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

WAIT = 30  #: seconds a request may wait for a connection before it is told to come back
_PREPARED_STATEMENTS = 512  #: kept a connection; a hot process has about a hundred

#: jit pays off on reports only: on short queries it is the slowest part. What is asked all day lies in memory, where a
#: page found by an index costs what the next one does; at the usual 4.0 a batch of a hundred keys reads whole tables.
#: Statements are planned once a connection, and not anew for each of their arguments: that was a third of PostgreSQL's
#: part of a purchase.
_PLANNING = {"jit": "off", "random_page_cost": "1.1", "plan_cache_mode": "force_generic_plan"}


def create_engine(url: str, *, pool_size: int, application_name: str = "hexmart") -> AsyncEngine:
    """An engine with a small fixed pool: held connections, not waiting queries, are what runs out."""
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WAIT,
        hide_parameters=True,  # they are what people have sent, and errors are written down
        connect_args={
            "statement_cache_size": _PREPARED_STATEMENTS,
            "server_settings": {"application_name": application_name, **_PLANNING},
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_open_transaction)
    return engine


def _refuse_open_transaction(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Discard a connection that still is inside somebody's transaction."""
    driver = connection.driver_connection
    if driver is not None and driver.is_in_transaction():
        driver.terminate()
        raise InvalidatePoolError(f"{entry} came back inside a transaction")
