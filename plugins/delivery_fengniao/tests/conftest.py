"""A Fengniao of the test's own, a brand that it carries for, and what the plugin makes of its words."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

import httpx
import orjson
import pytest

from core.deliveries import Report
from hexmart.simulators.couriers import Fengniao
from plugins.delivery_fengniao.hearing import report_of
from plugins.delivery_fengniao.wire import STATES
from tests.core.deliveries.counter import SECRET, SHOPS, Counter, Counting, calling, counting
from tests.core.deliveries.promises import Reports

__all__ = ["calling", "counting"]


@pytest.fixture
async def counter(
    counting: Counting[Fengniao], calling: Callable[[], httpx.AsyncClient]
) -> AsyncIterator[Counter[Fengniao]]:
    fengniao = Fengniao("app", SECRET, "merchant", "granted", SHOPS, calling)
    settings = {"app_id": "app", "app_secret": SECRET, "merchant_id": "merchant", "access_token": "granted"}
    async with counting("fengniao", fengniao, settings | {"shops": {"S1": "shop-1"}}) as counter:
        yield counter


@pytest.fixture
def reports() -> Reports:
    """Of callbacks."""

    def of(key: UUID, code: int, at: datetime) -> Report | None:
        said = {"partner_order_code": str(key), "order_status": code, "push_time": round(at.timestamp() * 1000)}
        within = {"callback_business_type": "orderStatusNotify", "param": said}
        return report_of({"business_data": orjson.dumps(within).decode()})

    return Reports(STATES, of)
