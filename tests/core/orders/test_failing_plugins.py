"""A plugin that fails in any hook, in any way: no checkout is lost for it, and nothing sold at a wrong price."""

from typing import Any

import pytest

from core.extensions import asking
from hexmart.testing import Client, UsePlugins, World
from tenants import Platform
from tests.core.orders.breaking import NAME, WAYS, breaking
from tests.core.orders.plugins import CODE, Saver, Wrap
from tests.faults.audit import audit
from tests.faults.shop import books
from tests.schema.shop import PEOPLES_SQUARE, buy, done, fill, refusal

pytestmark = pytest.mark.anyio
CART = "cart { id totals { payable { amount } } problems { code message } codes { applied } }"
READ = f"query($id: ID!) {{ {CART.replace('cart', 'cart(id: $id)', 1)} }}"
NEAR = """
query($input: StoresNearInput!) { storesNear(input: $input) { store { code } score reasons { factor value weight } } }
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BUDGET", 0.2)


async def order(client: Client, cart: dict[str, Any], key: str = "1") -> dict[str, Any]:
    return await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": key}, "order { id }")


@pytest.mark.parametrize("way", WAYS)
async def test_a_cart_is_shown_without_the_part_of_a_plugin_that_fails_and_is_not_sold_so(
    way: str, client: Client, world: World, platform: Platform, use_plugins: UsePlugins
) -> None:
    broken = breaking("adjust_prices", way)
    await use_plugins(broken=broken, wrap=Wrap())
    cart = await fill(client, world)
    shown = (await client.run(READ, id=cart["id"]))["cart"]
    sentence = f"The plugin {NAME} could not do its part just now: try again in a moment."
    assert shown["problems"] == [{"code": "PLUGIN_FAILED", "message": sentence}]
    assert shown["totals"]["payable"]["amount"] == "32.80"
    payload = await order(client, cart)
    assert (refusal(payload)[0], payload["userErrors"][0]["retryAfter"]) == ("PLUGIN_FAILED", 5)
    assert await books(platform, world) == await books(platform, world, sku="BREAD")
    broken.well = True
    done(await order(client, cart), "order")
    assert await audit(platform, world.tenant) == {}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hook", ["validate_checkout", "claim", "hold_order"])
async def test_an_order_of_which_a_plugin_cannot_say_is_placed_once_it_can(
    hook: str, way: str, client: Client, world: World, platform: Platform, use_plugins: UsePlugins
) -> None:
    broken = breaking(hook, way)
    await use_plugins(broken=broken)
    cart = await fill(client, world)
    assert refusal(await order(client, cart))[0] == "PLUGIN_FAILED"
    found = await books(platform, world)
    assert (found.reserved, found.orders) == (0, 0)
    broken.well = True
    done(await order(client, cart), "order")
    assert (await books(platform, world)).reserved == 2
    assert await audit(platform, world.tenant) == {}


@pytest.mark.parametrize("way", WAYS)
async def test_a_code_that_another_plugin_knows_is_taken_all_the_same(
    way: str, client: Client, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(broken=breaking("redeem_code", way), saver=Saver())
    cart = await fill(client, world)
    asked = {"cartId": cart["id"], "code": CODE}
    assert done(await client.do("cartCodeApply", asked, CART), "cart")["codes"] == [{"applied": True}]
    assert refusal(await client.do("cartCodeApply", asked | {"code": "other"}, CART))[0] == "PLUGIN_FAILED"


@pytest.mark.parametrize("way", WAYS)
async def test_an_order_ends_though_a_plugin_fails(
    way: str, client: Client, world: World, platform: Platform, use_plugins: UsePlugins
) -> None:
    await use_plugins(broken=breaking("release", way))
    bought = await buy(client, world)
    asked = {"orderId": bought["id"], "idempotencyKey": "c"}
    ended = done(await client.do("orderCancel", asked, "order { status refunds { status } }"), "order")
    assert ended == {"status": "CANCELLED", "refunds": [{"status": "REQUESTED"}]}
    assert await audit(platform, world.tenant) == {}


@pytest.mark.parametrize("way", WAYS)
async def test_stores_are_ranked_without_a_plugin_that_fails(way: str, client: Client, use_plugins: UsePlugins) -> None:
    wish = {"location": PEOPLES_SQUARE}
    before = await client.run(NEAR, input=wish)
    await use_plugins(broken=breaking("store_ranking", way))
    assert await client.run(NEAR, input=wish) == before
    assert len(before["storesNear"]) == 3


async def test_a_plugin_that_goes_on_failing_is_left_alone_and_then_asked_again(
    client: Client, world: World, platform: Platform, use_plugins: UsePlugins
) -> None:
    broken = breaking("adjust_prices", "raises")
    await use_plugins(broken=broken)
    cart = await fill(client, world)
    for _ in range(5):
        await client.run(READ, id=cart["id"])
    assert platform.breakers.condition(world.tenant.id, NAME).open
    broken.well = True
    assert refusal(await order(client, cart))[0] == "PLUGIN_FAILED"
