"""An order that something holds is paid for and waits, until it is let go."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core import orders
from core.actors import system
from hexmart.testing import Client, UsePlugins, World
from schema import relay
from tenants import Platform
from tests.core.orders.plugins import Waiting
from tests.schema.shop import act, buy, buy_delivered, done, refusal

pytestmark = pytest.mark.anyio
SHOWN = """
query($id: ID!) { order(id: $id) { status allowedActions holds { reason source until } fulfilments { acceptBy } } }
"""
HELD = [{"reason": "It waits for others.", "source": "waiting", "until": None}]


async def shown(client: Client, order: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await client.run(SHOWN, id=order["id"]))["order"]
    return found


async def let_go(platform: Platform, world: World, order: dict[str, Any]) -> int:
    key = relay.key_of("Order", order["id"])
    assert key is not None
    async with platform.open_work(world.tenant, system("waiting")) as work:
        return len(await orders.let_go(work, [key], "waiting"))


async def test_a_store_cannot_carry_out_an_order_that_is_held(
    platform: Platform,
    world: World,
    client: Client,
    use_plugins: UsePlugins,
    run_worker: Callable[[], Awaitable[None]],
) -> None:
    await use_plugins(waiting=Waiting())
    owner = await client.staff(world.email("owner"))
    order = await buy(client, world)
    seen = await shown(owner, order)
    assert (seen["status"], seen["holds"], seen["fulfilments"]) == ("PAID", HELD, [{"acceptBy": None}])
    assert set(seen["allowedActions"]) == {"orderReject", "orderCancel", "refundCreate"}
    payload = await act(owner, "orderAccept", order)
    assert refusal(payload) == ("ORDER_HELD", ["input", "orderId"])
    assert payload["userErrors"][0]["message"] == "The order waits: It waits for others."
    code = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    assert refusal(await owner.do("orderVerify", code, "order { id }")) == ("ORDER_HELD", ["input", "code"])
    assert [await let_go(platform, world, order) for _ in range(2)] == [1, 0]
    await run_worker()
    seen = await shown(owner, order)
    assert (seen["holds"], seen["fulfilments"][0]["acceptBy"] is not None) == ([], True)
    assert {"orderAccept", "orderVerify"} <= set(seen["allowedActions"])
    assert done(await act(owner, "orderAccept", order), "order")["status"] == "ACCEPTED"


async def test_an_order_that_is_held_can_be_cancelled_and_waits_for_nothing_then(
    platform: Platform, world: World, client: Client, use_plugins: UsePlugins
) -> None:
    await use_plugins(waiting=Waiting())
    order = await buy_delivered(client, world)
    asked = {"orderId": order["id"], "idempotencyKey": "c"}
    ended = done(await client.do("orderCancel", asked, "order { status holds { reason } }"), "order")
    assert ended == {"status": "CANCELLED", "holds": []}
    assert await let_go(platform, world, order) == 0
