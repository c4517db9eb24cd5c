"""An order that is paid late needs what plugins took with it as well as its goods."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.hooks import hookimpl
from hexmart.testing import Client, UsePlugins, World
from tenants import Platform
from tests.core.orders.conftest import put_seats, seats_taken
from tests.core.orders.plugins import Seats, Waiting
from tests.core.orders.test_claims import place_batch
from tests.faults.audit import audit
from tests.faults.shop import books, fill_carts, order_id_of
from tests.faults.test_late_payments import while_the_provider_is_asked
from tests.faults.test_timers import sweep

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("seats_table")]
MoveClock = Callable[[timedelta], Awaitable[None]]
Late = Callable[..., Awaitable[dict[str, Any]]]


class Forgetful:
    """Claims, and cannot do so again."""

    @hookimpl
    async def claim(self, checkouts: list[object]) -> list[None]:
        return [None for _ in checkouts]

    @hookimpl
    async def release(self) -> None:
        return None


@pytest.fixture
def pays_late(
    platform: Platform,
    client: Client,
    world: World,
    move_clock: MoveClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Late:
    """Has the provider capture once an order has expired, and what else is said has happened."""

    async def pay(order: UUID, then: Callable[[], Awaitable[object]] | None = None) -> dict[str, Any]:
        async def too_long() -> None:
            await move_clock(timedelta(minutes=31))
            await sweep(platform, world)
            if then is not None:
                await then()

        while_the_provider_is_asked(monkeypatch, too_long)
        wish = {"orderId": order_id_of(order), "provider": "sandbox", "idempotencyKey": "p"}
        return await client.do("paymentStart", wish, "order { status holds { reason } refunds { reason } }")

    return pay


async def test_what_is_free_still_goes_with_the_order_again(
    platform: Platform, world: World, use_plugins: UsePlugins, pays_late: Late
) -> None:
    await use_plugins(seats=Seats())
    await put_seats(platform, world, 1)
    [order] = await place_batch(platform, world, await fill_carts(platform, world, 1))
    assert isinstance(order, UUID)
    assert (await pays_late(order))["order"]["status"] == "PAID"
    assert await seats_taken(platform, world) == [order]
    assert not await audit(platform, world.tenant)


async def test_where_somebody_else_has_it_the_money_goes_back_and_nothing_is_kept(
    platform: Platform, world: World, use_plugins: UsePlugins, pays_late: Late
) -> None:
    await use_plugins(seats=Seats())
    await put_seats(platform, world, 1)
    first, second = await fill_carts(platform, world, 2)
    [order] = await place_batch(platform, world, [first])
    assert isinstance(order, UUID)
    answer = await pays_late(order, lambda: place_batch(platform, world, [second]))
    assert [error["code"] for error in answer["userErrors"]] == ["RESERVATION_EXPIRED"]
    assert [refund["reason"] for refund in answer["order"]["refunds"]] == ["paid too late"]
    assert (await books(platform, world)).reserved == 1
    assert not await audit(platform, world.tenant)


async def test_a_plugin_that_cannot_claim_again_has_the_money_go_back(
    platform: Platform, world: World, use_plugins: UsePlugins, pays_late: Late
) -> None:
    await use_plugins(forgetful=Forgetful())
    [order] = await place_batch(platform, world, await fill_carts(platform, world, 1))
    assert isinstance(order, UUID)
    answer = await pays_late(order)
    assert (answer["order"]["status"], (await books(platform, world)).reserved) == ("CANCELLED", 0)
    assert not await audit(platform, world.tenant)


async def test_what_held_the_order_holds_it_again(
    platform: Platform, world: World, use_plugins: UsePlugins, pays_late: Late
) -> None:
    await use_plugins(waiting=Waiting())
    [order] = await place_batch(platform, world, await fill_carts(platform, world, 1))
    assert isinstance(order, UUID)
    paid = (await pays_late(order))["order"]
    assert (paid["status"], len(paid["holds"])) == ("PAID", 1)
    assert not await audit(platform, world.tenant)
