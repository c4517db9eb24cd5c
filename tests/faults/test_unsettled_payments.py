"""A payment or a refund whose process died before the provider's answer was written is completed by the worker."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core.actors import system
from core.payments import completing
from core.payments.provider import Charge, Refunded, RefundOrder, Started
from hexmart.testing import Client, World
from plugins.sandbox.provider import SandboxProvider
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import fill_carts, order_id_of, place_all

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]
MINUTE = timedelta(minutes=1)
READ = "query($id: ID!) { order(id: $id) { status payments { status } refunds { status } } }"
LOOK = "SELECT look_at - app_now() FROM payment WHERE tenant_id = $1"


class Asked:
    """A provider that counts what it is asked, by the charge or refund."""

    def __init__(self, answer: Started) -> None:
        self.answer = answer
        self.charges: list[object] = []
        self.refunds: list[object] = []
        self.dies = False

    async def start(self, charge: Charge) -> Started:
        self.charges.append(charge.payment_id)
        if self.dies:
            raise asyncio.CancelledError
        return self.answer

    async def refund(self, refund: RefundOrder) -> Refunded:
        self.refunds.append(refund.refund_id)
        if self.dies:
            raise asyncio.CancelledError
        return Refunded(succeeded=True)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked(Started(captured=True, reference="r"))

    async def start(_: SandboxProvider, charge: Charge) -> Started:
        return await asked.start(charge)

    async def refund(_: SandboxProvider, order: RefundOrder) -> Refunded:
        return await asked.refund(order)

    monkeypatch.setattr(SandboxProvider, "start", start)
    monkeypatch.setattr(SandboxProvider, "refund", refund)
    return asked


async def _dies_while_it_pays(platform: Platform, client: Client, world: World, provider: Asked) -> str:
    """An order whose payment was begun, and whose provider's answer nobody was there to hear."""
    [key] = await place_all(platform, world, await fill_carts(platform, world, 1))
    wish = {"orderId": order_id_of(key), "provider": "sandbox", "idempotencyKey": "p"}
    provider.dies = True
    with pytest.raises(asyncio.CancelledError):
        await client.do("paymentStart", wish, "order { status }")
    provider.dies = False
    return order_id_of(key)


async def _read(client: Client, order: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.run(READ, id=order))["order"]
    return found


async def test_a_payment_that_was_left_alone_is_asked_about_and_completed(
    platform: Platform,
    client: Client,
    world: World,
    provider: Asked,
    move_clock: MoveClock,
    run_worker: RunWorker,
) -> None:
    order = await _dies_while_it_pays(platform, client, world, provider)
    await run_worker()
    assert (await _read(client, order))["payments"] == [{"status": "PENDING"}]  # it may be under way
    await move_clock(MINUTE)
    await run_worker()
    assert await _read(client, order) == {"status": "PAID", "payments": [{"status": "CAPTURED"}], "refunds": []}
    assert len(set(provider.charges)) == 1
    assert not await audit(platform, world.tenant)


async def test_without_the_job_it_would_be_left_for_ever(
    platform: Platform,
    client: Client,
    world: World,
    provider: Asked,
    move_clock: MoveClock,
    run_worker: RunWorker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(completing, "DUE", completing.DUE.replace("RETURNING id", "AND false RETURNING id"))
    order = await _dies_while_it_pays(platform, client, world, provider)
    await move_clock(14 * MINUTE)
    await run_worker()
    assert (await _read(client, order))["payments"] == [{"status": "PENDING"}]


async def test_one_that_waits_for_the_shopper_is_asked_about_later_each_time_and_not_for_ever(
    platform: Platform,
    client: Client,
    world: World,
    provider: Asked,
    move_clock: MoveClock,
    run_worker: RunWorker,
) -> None:
    provider.answer = Started(captured=False)
    order = await _dies_while_it_pays(platform, client, world, provider)
    left = []
    for _ in range(20):
        async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
            wait = await work.value(LOOK)
        if wait is None:
            break
        left.append(round(wait / MINUTE))
        await move_clock(wait + timedelta(seconds=1))
        await run_worker()
    assert left == sorted(left)
    assert 8 <= len(left) < 20
    assert len(provider.charges) == 1 + len(left)
    assert (await _read(client, order))["payments"] == [{"status": "PENDING"}]
    assert not await audit(platform, world.tenant)


async def test_one_that_the_provider_refuses_has_failed(
    platform: Platform,
    client: Client,
    world: World,
    provider: Asked,
    move_clock: MoveClock,
    run_worker: RunWorker,
) -> None:
    provider.answer = Started(captured=False, refused_because="no money")
    order = await _dies_while_it_pays(platform, client, world, provider)
    await move_clock(MINUTE)
    await run_worker()
    assert (await _read(client, order))["payments"] == [{"status": "FAILED"}]


async def test_a_refund_whose_worker_died_is_asked_for_again_and_paid_once(
    platform: Platform,
    client: Client,
    world: World,
    provider: Asked,
    move_clock: MoveClock,
    run_worker: RunWorker,
) -> None:
    [key] = await place_all(platform, world, await fill_carts(platform, world, 1))
    wish = {"orderId": order_id_of(key), "provider": "sandbox", "idempotencyKey": "p"}
    await client.do("paymentStart", wish, "order { status }")
    await client.do("orderCancel", {"orderId": order_id_of(key), "reason": "no", "idempotencyKey": "c"}, "order { id }")
    provider.dies = True
    await run_worker()
    assert (await _read(client, order_id_of(key)))["refunds"] == [{"status": "REQUESTED"}]
    provider.dies = False
    await move_clock(3 * MINUTE)
    await run_worker()
    assert (await _read(client, order_id_of(key)))["refunds"] == [{"status": "SUCCEEDED"}]
    assert len(set(provider.refunds)) == 1
    assert not await audit(platform, world.tenant)
