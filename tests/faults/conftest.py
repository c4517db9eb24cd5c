"""A Hexmart that lacks the database's last line of defence, for mutants; and one with plugins for the worker."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from core.extensions import plugin_of
from hexmart.app import Application, create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from hexmart.testing import World
from tenants import Platform
from tests.databases import new_database, plain
from tests.faults.plugged import Plugged

DROP_CHECKS = """SET ROLE hexmart_owner; ALTER TABLE stock DROP CONSTRAINT ck_stock_never_oversold;
ALTER TABLE sales_order DROP CONSTRAINT ck_sales_order_refunded;
ALTER TABLE sales_order_line DROP CONSTRAINT ck_sales_order_line_refunded_quantity;
ALTER TABLE sales_order_line DROP CONSTRAINT ck_sales_order_line_refunded_amount;
ALTER TABLE ledger_account DROP CONSTRAINT ck_ledger_account_never_below_zero;
ALTER TABLE ledger_lot DROP CONSTRAINT ck_ledger_lot_spent"""


@pytest.fixture(scope="session")
async def unchecked(database_url: str, settings: Settings) -> AsyncIterator[Application]:
    """The application over a database of its own, where only the code keeps promises below the shelf, and money in."""
    async with new_database(database_url) as owner:
        await migrate(owner)
        connection = await asyncpg.connect(plain(owner))
        await connection.execute(DROP_CHECKS)
        await connection.close()
        made = create_app(Databases.of(owner, settings), settings, with_worker=False)
        yield made
        await made.platform.close()


@pytest.fixture
def plugged(platform: Platform, world: World, other_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugged]:
    """A plugin that does everything wrong and one that does its part, at two brands."""
    yield Plugged(platform, (world.tenant, other_world.tenant), monkeypatch)
    plugin_of.cache_clear()  # whose modules these are was said for this test alone
