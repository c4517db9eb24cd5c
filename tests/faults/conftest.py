"""A Hexmart that lacks the database's last line of defence, for mutants; and one with plugins for the worker."""

from collections.abc import AsyncIterator, Iterator

import pytest

from core.extensions import plugin_of
from hexmart.app import Application
from hexmart.settings import Settings
from hexmart.testing import World
from tenants import Platform
from tests.databases import unchecked_application
from tests.faults.plugged import Plugged

CHECKS = {
    "stock": "never_oversold",
    "sales_order": "refunded",
    "sales_order_line": "refunded_quantity refunded_amount",
    "ledger_account": "never_below_zero",
    "ledger_lot": "spent",
}


@pytest.fixture(scope="session")
async def unchecked(database_url: str, settings: Settings) -> AsyncIterator[Application]:
    """The application over a database of its own, where only the code keeps promises below the shelf, and money in."""
    async with unchecked_application(database_url, settings, **CHECKS) as made:
        yield made


@pytest.fixture
def plugged(platform: Platform, world: World, other_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugged]:
    """A plugin that does everything wrong and one that does its part, at two brands."""
    yield Plugged(platform, (world.tenant, other_world.tenant), monkeypatch)
    plugin_of.cache_clear()  # whose modules these are was said for this test alone
