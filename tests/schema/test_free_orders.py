"""What discounts cover whole is ordered and paid like anything else, but no provider is asked."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from core.hooks import hookimpl
from core.pricing import Adjustment, Basket, DeliveryOff, Percent, Stage
from hexmart.testing import Client, UsePlugins, World
from plugins.sandbox.provider import SandboxProvider
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Shelf
from tests.schema.shop import act, buy, buy_delivered, done, read, refusal

pytestmark = pytest.mark.anyio


class Free:
    """Takes everything off."""

    @hookimpl
    async def adjust_prices(self, baskets: Sequence[Basket]) -> list[list[Adjustment]]:
        goods = Adjustment(stage=Stage.COUPON, source="free", label="Free", reason="x", effect=Percent(10_000))
        way = Adjustment(stage=Stage.DELIVERY, source="free", label="Free", reason="x", effect=DeliveryOff())
        return [[goods, way] for _ in baskets]


@pytest.fixture
async def free(use_plugins: UsePlugins, monkeypatch: pytest.MonkeyPatch) -> None:
    async def asked(*_: object) -> None:
        raise AssertionError("a provider is asked for nothing")

    monkeypatch.setattr(SandboxProvider, "start", asked)
    await use_plugins(free=Free())


@pytest.mark.usefixtures("free")
async def test_an_order_of_nothing_is_paid_without_a_provider(
    client: Client, world: World, platform: Platform, shelf: Shelf
) -> None:
    order = await buy_delivered(client, world, {"BREAD": 1})
    assert (order["status"], order["paymentStatus"]) == ("PAID", "CAPTURED")
    assert order["payments"] == [{"provider": "sandbox", "status": "CAPTURED", "amount": {"amount": "0.00"}}]
    assert await shelf("BREAD") == (100, 1)
    assert await audit(platform, world.tenant) == {}


@pytest.mark.usefixtures("free")
async def test_an_order_of_nothing_ends_without_a_refund(
    client: Client, world: World, platform: Platform, shelf: Shelf, run_worker: Callable[[], Awaitable[None]]
) -> None:
    manager = await client.staff(world.email("manager"))
    order = await buy(client, world)
    wish = {"orderId": order["id"], "reason": "x", "idempotencyKey": "r"}
    assert refusal(await manager.do("refundCreate", wish, "refund { id }"))[0] == "ORDER_STATE"
    ended = done(await act(manager, "orderReject", order), "order")
    assert (ended["status"], ended["refunds"]) == ("CANCELLED", [])
    await run_worker()
    assert ((await read(client, order) or {})["status"], await shelf()) == ("CANCELLED", (100, 0))
    assert await audit(platform, world.tenant) == {}
