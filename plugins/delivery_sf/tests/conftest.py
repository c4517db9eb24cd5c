"""An SF of the test's own, a brand that it carries for, and what the plugin makes of its words."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

import httpx
import pytest

from core.deliveries import Report
from hexmart.simulators.couriers import Sf
from plugins.delivery_sf.hearing import report_of
from plugins.delivery_sf.wire import STATES
from tests.core.deliveries.counter import SECRET, SHOPS, Counter, Counting, calling, counting
from tests.core.deliveries.promises import Reports

__all__ = ["calling", "counting"]


@pytest.fixture
async def counter(counting: Counting[Sf], calling: Callable[[], httpx.AsyncClient]) -> AsyncIterator[Counter[Sf]]:
    settings = {"dev_id": 1001, "dev_key": SECRET, "shops": {"S1": "shop-1"}}
    async with counting("sf", Sf(1001, SECRET, SHOPS, calling), settings) as counter:
        yield counter


@pytest.fixture
def reports() -> Reports:
    """Of events, which say the second."""

    def of(key: UUID, code: int, at: datetime) -> Report | None:
        return report_of({"shop_order_id": str(key), "order_status": code, "push_time": int(at.timestamp())})

    return Reports(STATES, of)
