"""Two payments for one order: the one that comes second goes back, and later refunds are of the one that was kept."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.payments.provider import Charge, Started
from hexmart.testing import Client, World
from plugins.sandbox.provider import SandboxProvider
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import fill_carts, order_id_of, place_all

pytestmark = pytest.mark.anyio

ORDER = "order { status paymentStatus payments { id status } refunds { reason status amount { amount } } }"


async def _pay_twice(platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """An order whose first payment was captured after its second."""
    [order] = await place_all(platform, world, await fill_carts(platform, world, 1))
    start, begun, second_is_in = SandboxProvider.start, asyncio.Event(), asyncio.Event()

    async def first_is_slow(self: SandboxProvider, charge: Charge) -> Started:
        if not begun.is_set():
            begun.set()
            await asyncio.wait_for(second_is_in.wait(), 10)
        return await start(self, charge)

    async def pay(key: str) -> dict[str, Any]:
        wish = {"orderId": order_id_of(order), "provider": "sandbox", "idempotencyKey": key}
        return await client.do("paymentStart", wish, ORDER)

    monkeypatch.setattr(SandboxProvider, "start", first_is_slow)
    first = asyncio.create_task(pay("a"))
    await asyncio.wait_for(begun.wait(), 10)
    assert (await pay("b"))["order"]["status"] == "PAID"
    second_is_in.set()
    assert [error["code"] for error in (await first)["userErrors"]] == ["ORDER_STATE"]
    return order_id_of(order)


async def test_the_payment_that_comes_second_goes_back(
    platform: Platform,
    client: Client,
    world: World,
    run_worker: Callable[[], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = await _pay_twice(platform, client, world, monkeypatch)
    await run_worker()
    found = (await client.run(f"query($id: ID!) {{ {ORDER.replace('order {', 'order(id: $id) {', 1)} }}", id=order))[
        "order"
    ]
    assert (found["status"], found["paymentStatus"]) == ("PAID", "CAPTURED")
    assert found["refunds"] == [{"reason": "paid twice", "status": "SUCCEEDED", "amount": {"amount": "15.90"}}]
    assert not await audit(platform, world.tenant)


@pytest.mark.parametrize("by", ["orderCancel", "refundCreate"])
async def test_what_was_kept_is_what_is_paid_back_later(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    order = await _pay_twice(platform, client, world, monkeypatch)
    manager = await client.staff(world.email("manager"))
    ended = await manager.do(by, {"orderId": order, "reason": "not wanted", "idempotencyKey": "r"}, ORDER)
    assert sorted(refund["reason"] for refund in ended["order"]["refunds"]) == ["not wanted", "paid twice"]
    assert not await audit(platform, world.tenant)
