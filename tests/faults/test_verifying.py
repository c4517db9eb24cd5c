"""Six desks are shown one code at the same moment: one of them hands the goods over."""

import asyncio
from collections import Counter

import pytest

from core.verification import service
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.shop import buy

pytestmark = pytest.mark.anyio
DESKS = 6


async def shown_at_once(client: Client, world: World) -> Counter[str]:
    """What each desk is told, in one word."""
    clerk = await client.staff(world.email("clerk"))
    order = await buy(client, world)
    asked = {"code": order["pickupCode"], "storeId": world.stores["S1"]}

    async def show(field: str) -> str:
        payload = await clerk.do(field, asked, "userErrors { code }")
        return payload["userErrors"][0]["code"] if payload["userErrors"] else "taken"

    fields = ["verify", "orderVerify"] * (DESKS // 2)
    return Counter(await asyncio.gather(*(show(field) for field in fields)))


async def test_a_code_is_taken_once(client: Client, world: World, platform: Platform) -> None:
    for _ in range(5):
        assert await shown_at_once(client, world) == {"taken": 1, "CODE_USED": DESKS - 1}
    assert await audit(platform, world.tenant) == {}


async def test_without_the_condition_it_would_be_taken_again(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order's own state still stands between: it says so, and the code does not."""
    unguarded = service.USE.replace(" AND used_at IS NULL", "")
    assert unguarded != service.USE
    monkeypatch.setattr(service, "USE", unguarded)
    assert await shown_at_once(client, world) == {"taken": 1, "ORDER_STATE": DESKS - 1}
