"""Two payments for one order: the one that comes second goes back, and later refunds are of the one that was kept."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.payments import capturing
from core.payments.provider import Charge, Started
from hexmart.testing import Client, World, with_plugins
from hexmart.worker import Worker
from plugins.sandbox.provider import SandboxProvider
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.bank import NAME, Bank, BankPlugin
from tests.faults.shop import fill_carts, order_id_of, place_all

pytestmark = pytest.mark.anyio

ORDER = "order { status paymentStatus payments { id status } refunds { reason status amount { amount } } }"
READ = f"query($id: ID!) {{ {ORDER.replace('order {', 'order(id: $id) {', 1)} }}"


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
    found = (await client.run(READ, id=order))["order"]
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


async def _two_begun(client: Client, platform: Platform, world: World) -> tuple[str, Bank]:
    """An order that is paid, and for which something else had been begun at a bank that shows it still."""
    order = order_id_of((await place_all(platform, world, await fill_carts(platform, world, 1)))[0])
    plugin = BankPlugin()
    async with with_plugins(platform, world.tenant, {NAME: plugin}) as world.tenant:
        for provider in (NAME, "sandbox"):
            wish = {"orderId": order, "provider": provider, "idempotencyKey": provider}
            paid = await client.do("paymentStart", wish, ORDER)
        assert paid["order"]["status"] == "PAID"
        worker = Worker(platform)
        for job in platform.hooks(world.tenant.plugins).jobs:
            await worker.run_job(world.tenant, job)
        await worker.deliver(world.tenant)
    return order, plugin.bank


async def _states(client: Client, order: str) -> list[str]:
    return sorted(one["status"] for one in (await client.run(READ, id=order))["order"]["payments"])


async def test_whatever_else_was_begun_is_closed_once_an_order_is_paid(
    platform: Platform, client: Client, world: World
) -> None:
    order, bank = await _two_begun(client, platform, world)
    assert await _states(client, order) == ["CANCELLED", "CAPTURED"]
    assert (bank.asked["close"], bank.asked["query"]) == (1, 0)


async def test_without_being_marked_it_would_be_open_for_a_minute_more(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capturing, "OTHERS", capturing.OTHERS.replace("id <> $3", "id = $3"))
    order, bank = await _two_begun(client, platform, world)
    assert await _states(client, order) == ["CAPTURED", "PENDING"]
    assert not bank.asked["close"]
