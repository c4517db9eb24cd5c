"""A guest thinks better of it, another is given back what was spoilt."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hexmart.testing import Client, World

pytestmark = pytest.mark.anyio

ORDER = """order { id status paymentStatus pickupCode lines { id }
  refunds { status reason amount { amount } } }"""
READ = f"query($id: ID!) {{ {ORDER.replace('order', 'order(id: $id)', 1)} }}"


async def buy(client: Client, world: World) -> dict[str, Any]:
    """Two litres of milk, paid."""
    milk = [{"variantId": world.variants["MILK-1L"], "quantity": 2}]
    cart = (await client.do("cartCreate", {"storeId": world.stores["S1"], "lines": milk}, "cart { id }"))["cart"]
    placed = (await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": "1"}, ORDER))["order"]
    payment = {"orderId": placed["id"], "provider": "sandbox", "idempotencyKey": "1"}
    paid: dict[str, Any] = (await client.do("paymentStart", payment, ORDER))["order"]
    return paid


async def test_a_guest_cancels_and_gets_the_money_back(
    client: Client, world: World, run_worker: Callable[[], Awaitable[None]]
) -> None:
    order = await buy(client, world)
    wish = {"orderId": order["id"], "reason": "found some at home", "idempotencyKey": "1"}
    ended = (await client.do("orderCancel", wish, ORDER))["order"]
    assert (ended["status"], ended["refunds"][0]["status"]) == ("CANCELLED", "REQUESTED")
    await run_worker()
    after = (await client.run(READ, id=order["id"]))["order"]
    refund = {"status": "SUCCEEDED", "reason": "found some at home", "amount": {"amount": "31.80"}}
    assert (after["paymentStatus"], after["refunds"]) == ("REFUNDED", [refund])


async def test_a_manager_pays_back_what_was_spoilt(
    client: Client, world: World, run_worker: Callable[[], Awaitable[None]]
) -> None:
    order = await buy(client, world)
    manager = await client.staff(world.email("manager"))
    shown = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    assert (await manager.do("orderVerify", shown, ORDER))["order"]["status"] == "COMPLETED"
    spoilt = [{"orderLineId": order["lines"][0]["id"], "quantity": 1}]
    wish = {"orderId": order["id"], "lines": spoilt, "reason": "sour", "restock": False, "idempotencyKey": "1"}
    assert (await manager.do("refundCreate", wish, "refund { amount { amount } }"))["userErrors"] == []
    await run_worker()
    after = (await client.run(READ, id=order["id"]))["order"]
    assert (after["status"], after["paymentStatus"]) == ("COMPLETED", "PARTLY_REFUNDED")
    assert after["refunds"] == [{"status": "SUCCEEDED", "reason": "sour", "amount": {"amount": "15.90"}}]
