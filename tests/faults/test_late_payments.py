"""Money that comes after the time to pay: it pays the order if its goods are there, or goes back; always told."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core.actors import system
from core.money import Money
from core.orders import reinstating
from core.payments.provider import Charge, Started
from hexmart.testing import Client, World
from plugins.sandbox.provider import SandboxProvider
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import MILK, Books, books, fill_carts, order_id_of, place_all, stock_up
from tests.faults.test_timers import sweep

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]
Meanwhile = Callable[[], Awaitable[None]]

ORDER = """order { status paymentStatus payments { status } refunds { status reason amount { amount } }
  timeline { name note } }"""
READ = f"query($id: ID!) {{ {ORDER.replace('order {', 'order(id: $id) {', 1)} }}"
TOLD = "SELECT name FROM outbox WHERE tenant_id = $1 AND name = any($2::text[]) ORDER BY id"
EVENTS = ["orders.OrderReinstated", "payments.PaymentReturned", "payments.PaymentMismatched"]


async def _order(platform: Platform, world: World) -> str:
    [order] = await place_all(platform, world, await fill_carts(platform, world, 1, {MILK: 2}))
    return order_id_of(order)


async def _pay(client: Client, order: str) -> dict[str, Any]:
    return await client.do("paymentStart", {"orderId": order, "provider": "sandbox", "idempotencyKey": "p"}, ORDER)


async def _told(platform: Platform, world: World) -> list[str]:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return [row["name"] for row in await work.fetch(TOLD, EVENTS)]


def _names(order: dict[str, Any]) -> list[str]:
    return [event["name"] for event in order["timeline"]]


def while_the_provider_is_asked(monkeypatch: pytest.MonkeyPatch, happens: Meanwhile) -> None:
    """Let something happen before the provider captures, once."""
    start = SandboxProvider.start
    done: list[Charge] = []

    async def slow(self: SandboxProvider, charge: Charge) -> Started:
        if not done:
            done.append(charge)
            await happens()
        return await start(self, charge)

    monkeypatch.setattr(SandboxProvider, "start", slow)


@pytest.mark.parametrize("swept", [True, False], ids=["swept", "not yet swept"])
async def test_money_that_comes_late_pays_an_order_whose_goods_are_there(
    platform: Platform,
    client: Client,
    world: World,
    move_clock: MoveClock,
    monkeypatch: pytest.MonkeyPatch,
    *,
    swept: bool,
) -> None:
    async def too_long() -> None:
        await move_clock(timedelta(minutes=31))
        if swept:
            await sweep(platform, world)

    while_the_provider_is_asked(monkeypatch, too_long)
    paid = (await _pay(client, await _order(platform, world)))["order"]
    assert (paid["status"], paid["refunds"]) == ("PAID", [])
    assert _names(paid) == (["placed", "expired", "reinstated", "paid"] if swept else ["placed", "paid"])
    assert paid["timeline"][-1]["note"] == "after its time"
    assert await _told(platform, world) == (["orders.OrderReinstated"] if swept else [])
    assert await books(platform, world) == Books(on_hand=100, reserved=2, held=2, orders=1)
    assert not await audit(platform, world.tenant)


def _sold_out_meanwhile(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch, move_clock: MoveClock
) -> None:
    async def sold_out() -> None:
        await move_clock(timedelta(minutes=31))
        await sweep(platform, world)
        await stock_up(platform, world, 1)

    while_the_provider_is_asked(monkeypatch, sold_out)


async def test_money_that_comes_late_for_goods_that_are_gone_goes_back_and_who_asks_again_is_told_the_same(
    platform: Platform,
    client: Client,
    world: World,
    move_clock: MoveClock,
    run_worker: RunWorker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _sold_out_meanwhile(platform, world, monkeypatch, move_clock)
    order = await _order(platform, world)
    refused = await _pay(client, order)
    back = {"status": "REQUESTED", "reason": "paid too late", "amount": {"amount": "31.80"}}
    assert [error["code"] for error in refused["userErrors"]] == ["RESERVATION_EXPIRED"]
    assert refused["order"]["status"] == "CANCELLED"
    assert refused["order"]["refunds"] == [back]
    assert await _pay(client, order) == refused
    await run_worker()
    found = (await client.run(READ, id=order))["order"]
    assert found["payments"] == [{"status": "CAPTURED"}]
    assert found["refunds"] == [back | {"status": "SUCCEEDED"}]
    assert _names(found) == ["placed", "expired", "payment_returned", "refund_requested"]
    assert await _told(platform, world) == ["payments.PaymentReturned"]
    assert not await audit(platform, world.tenant)


async def test_without_asking_for_stock_what_is_gone_would_be_promised_again_and_the_audit_says_so(
    platform: Platform,
    client: Client,
    world: World,
    move_clock: MoveClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def takes_nothing(*_: object) -> list[None]:
        return []

    _sold_out_meanwhile(platform, world, monkeypatch, move_clock)
    monkeypatch.setattr(reinstating, "reserve", takes_nothing)
    assert (await _pay(client, await _order(platform, world)))["order"]["status"] == "PAID"
    assert "inventory.reserved" in await audit(platform, world.tenant)


async def _cancelled_meanwhile(
    client: Client, platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    order = await _order(platform, world)

    async def cancels() -> None:
        await client.do("orderCancel", {"orderId": order, "reason": "no", "idempotencyKey": "c"}, "order { status }")

    while_the_provider_is_asked(monkeypatch, cancels)
    return await _pay(client, order)


async def test_an_order_that_somebody_has_cancelled_stays_so(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = await _cancelled_meanwhile(client, platform, world, monkeypatch)
    assert [error["code"] for error in refused["userErrors"]] == ["RESERVATION_EXPIRED"]
    assert refused["order"]["status"] == "CANCELLED"
    assert [refund["reason"] for refund in refused["order"]["refunds"]] == ["paid too late"]
    assert (await books(platform, world)).reserved == 0
    assert not await audit(platform, world.tenant)


async def test_without_the_mark_of_time_what_somebody_has_cancelled_would_be_reinstated(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reinstating, "REINSTATE", reinstating.REINSTATE.replace("AND o.expired_at IS NOT NULL", ""))
    paid = await _cancelled_meanwhile(client, platform, world, monkeypatch)
    assert paid["order"]["status"] == "PAID"


@pytest.mark.parametrize("other", [Money(3179, "CNY"), Money(3181, "CNY"), Money(3180, "USD")], ids=str)
async def test_other_money_than_was_asked_for_pays_nothing_and_is_told(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch, other: Money
) -> None:
    async def short(_: SandboxProvider, charge: Charge) -> Started:
        return Started(captured=True, reference=str(charge.payment_id), amount=other)

    monkeypatch.setattr(SandboxProvider, "start", short)
    order = await _order(platform, world)
    refused = await _pay(client, order)
    assert [error["code"] for error in refused["userErrors"]] == ["PAYMENT_REFUSED"]
    assert [error["code"] for error in (await _pay(client, order))["userErrors"]] == ["PAYMENT_REFUSED"]
    found = (await client.run(READ, id=order))["order"]
    assert (found["status"], found["payments"]) == ("PENDING_PAYMENT", [{"status": "FAILED"}])
    assert found["timeline"][-1] == {"name": "payment_mismatched", "note": f"{other.minor} {other.currency}"}
    assert await _told(platform, world) == ["payments.PaymentMismatched"]
    assert not await audit(platform, world.tenant)


async def test_the_money_that_was_asked_for_pays(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def says_how_much(_: SandboxProvider, charge: Charge) -> Started:
        return Started(captured=True, reference=str(charge.payment_id), amount=charge.amount)

    monkeypatch.setattr(SandboxProvider, "start", says_how_much)
    assert (await _pay(client, await _order(platform, world)))["order"]["status"] == "PAID"
