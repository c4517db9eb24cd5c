"""A Dada of the test's own, a brand that it carries for, and what the plugin makes of its words."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import httpx
import pytest

from core.deliveries import Report
from hexmart.simulators.couriers import Dada
from plugins.delivery_dada.provider import standing_of
from plugins.delivery_dada.wire import STATES
from tests.core.deliveries.counter import SECRET, SHOPS, Counter, Counting, calling, counting
from tests.core.deliveries.promises import Reports

__all__ = ["calling", "counting"]


@pytest.fixture
async def counter(counting: Counting[Dada], calling: Callable[[], httpx.AsyncClient]) -> AsyncIterator[Counter[Dada]]:
    settings = {"app_key": "app", "app_secret": SECRET, "source_id": "73753", "shops": {"S1": "shop-1"}}
    async with counting("dada", Dada("app", SECRET, "73753", SHOPS, calling), settings) as counter:
        yield counter


@pytest.fixture
def reports() -> Reports:
    """It says no time of its own: what counts is when it was asked."""

    def of(key: UUID, code: int, at: datetime) -> Report | None:
        found = standing_of({"statusCode": code, "deductFee": 0.0})
        return None if found.state is None else replace(found, at=at).report(key)

    return Reports(STATES, of)
