"""Said ten times at once, done once."""

import asyncio
from typing import Any

import pytest

from core.actors import system
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import MILK, Books, books, cart_id_of, fill_carts

pytestmark = pytest.mark.anyio

TIMES = 10
ORDER = "order { id number status paymentStatus timeline { name } payments { status } refunds { amount { amount } } }"


async def _at_once(client: Client, mutation: str, wish: dict[str, Any], fields: str = ORDER) -> dict[str, Any]:
    """The one payload that ten equal requests got, sent all together and then once more."""
    payloads = list(await asyncio.gather(*(client.do(mutation, wish, fields) for _ in range(TIMES))))
    payloads.append(await client.do(mutation, wish, fields))
    assert not payloads[0]["userErrors"], payloads[0]
    assert payloads == [payloads[0]] * (TIMES + 1)
    return payloads[0]


async def _order(platform: Platform, client: Client, world: World) -> str:
    [cart] = await fill_carts(platform, world, 1, {MILK: 2})
    placed = await client.do("orderPlace", {"cartId": cart_id_of(cart), "idempotencyKey": "k"}, "order { id }")
    return str(placed["order"]["id"])


async def _paid_order(platform: Platform, client: Client, world: World) -> str:
    order = await _order(platform, client, world)
    paying = {"orderId": order, "provider": "sandbox", "idempotencyKey": "p"}
    paid = await client.do("paymentStart", paying, "order { status }")
    assert paid["order"]["status"] == "PAID"
    return order


async def _count(platform: Platform, world: World, table: str) -> int:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return int(await work.value(f"SELECT count(*) FROM {table} WHERE tenant_id = $1"))


async def test_a_cart_is_ordered_once(platform: Platform, client: Client, world: World) -> None:
    [cart] = await fill_carts(platform, world, 1)
    payload = await _at_once(client, "orderPlace", {"cartId": cart_id_of(cart), "idempotencyKey": "k"})
    assert payload["order"]["status"] == "PENDING_PAYMENT"
    assert await books(platform, world) == Books(on_hand=100, reserved=1, held=1, orders=1)
    assert not await audit(platform, world.tenant)


async def test_a_key_used_for_another_wish_stops_the_request(platform: Platform, client: Client, world: World) -> None:
    [cart] = await fill_carts(platform, world, 1)
    wish = {"cartId": cart_id_of(cart), "idempotencyKey": "k"}
    await client.do("orderPlace", wish, ORDER)
    query = "mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } } }"
    assert await client.code(query, input=wish | {"note": "no bag"}) == "IDEMPOTENCY_KEY_REUSED"


async def test_a_cart_ordered_again_under_another_key_shows_its_order(
    platform: Platform, client: Client, world: World
) -> None:
    [cart] = await fill_carts(platform, world, 1)
    wishes = [{"cartId": cart_id_of(cart), "idempotencyKey": f"k{number}"} for number in range(TIMES)]
    payloads = await asyncio.gather(*(client.do("orderPlace", wish, ORDER) for wish in wishes))
    codes = sorted(error["code"] for payload in payloads for error in payload["userErrors"])
    assert codes == ["CART_ORDERED"] * (TIMES - 1)
    assert len({payload["order"]["id"] for payload in payloads}) == 1
    assert (await books(platform, world)).orders == 1


async def test_two_guests_may_choose_the_same_key(platform: Platform, client: Client, world: World) -> None:
    one, other = await fill_carts(platform, world, 2)
    for cart in (one, other):
        placed = await client.do("orderPlace", {"cartId": cart_id_of(cart), "idempotencyKey": "1"}, ORDER)
        assert placed["order"]["status"] == "PENDING_PAYMENT"
    assert (await books(platform, world)).orders == 2


async def test_a_payment_is_started_and_captured_once(platform: Platform, client: Client, world: World) -> None:
    order = await _order(platform, client, world)
    wish = {"orderId": order, "provider": "sandbox", "idempotencyKey": "p"}
    payload = await _at_once(client, "paymentStart", wish, f"payment {{ id status }} {ORDER}")
    assert payload["payment"]["status"] == "CAPTURED"
    assert payload["order"]["payments"] == [{"status": "CAPTURED"}]
    assert [event["name"] for event in payload["order"]["timeline"]] == ["placed", "paid"]
    assert not await audit(platform, world.tenant)


async def test_an_order_paid_under_several_keys_at_once_keeps_one_payment(
    platform: Platform, client: Client, world: World
) -> None:
    order = await _order(platform, client, world)
    wishes = [{"orderId": order, "provider": "sandbox", "idempotencyKey": f"p{number}"} for number in range(TIMES)]
    payloads = await asyncio.gather(*(client.do("paymentStart", wish, "order { status }") for wish in wishes))
    assert [payload["order"] for payload in payloads if not payload["userErrors"]] == [{"status": "PAID"}]
    assert not await audit(platform, world.tenant)


async def test_an_order_is_cancelled_and_paid_back_once(platform: Platform, client: Client, world: World) -> None:
    order = await _paid_order(platform, client, world)
    payload = await _at_once(client, "orderCancel", {"orderId": order, "reason": "late", "idempotencyKey": "c"})
    assert payload["order"]["status"] == "CANCELLED"
    assert payload["order"]["refunds"] == [{"amount": {"amount": "31.80"}}]
    assert await books(platform, world) == Books(on_hand=100, reserved=0, held=0, orders=1)
    assert not await audit(platform, world.tenant)


async def test_a_refund_is_made_once(platform: Platform, client: Client, world: World) -> None:
    order = await _paid_order(platform, client, world)
    manager = await client.staff(world.email("manager"))
    wish = {"orderId": order, "amount": "5.00", "reason": "dented", "idempotencyKey": "r"}
    payload = await _at_once(manager, "refundCreate", wish, f"refund {{ id }} {ORDER}")
    assert payload["order"]["refunds"] == [{"amount": {"amount": "5.00"}}]
    assert payload["order"]["paymentStatus"] == "PARTLY_REFUNDED"
    assert not await audit(platform, world.tenant)


@pytest.mark.parametrize(("change", "on_hand"), [({"delta": 7}, 107), ({"delta": -7}, 93), ({"countedTo": 60}, 60)])
async def test_stock_is_adjusted_once(
    platform: Platform, client: Client, world: World, change: dict[str, int], on_hand: int
) -> None:
    manager = await client.staff(world.email("manager"))
    before = await _count(platform, world, "stock_movement")
    wish = {"locationId": world.stores["S1"], "variantId": world.variants[MILK], "reason": "count", **change}
    wish["idempotencyKey"] = "s"
    payload = await _at_once(manager, "stockAdjust", wish, "stock { onHand }")
    assert payload["stock"]["onHand"] == on_hand
    assert await _count(platform, world, "stock_movement") == before + 1
    assert not await audit(platform, world.tenant)


async def test_a_till_sale_told_ten_times_is_one_sale(platform: Platform, client: Client, world: World) -> None:
    clerk = await client.staff(world.email("clerk.s1"))
    wish = {
        "storeId": world.stores["S1"],
        "externalReference": "T1-000017",
        "soldAt": "2026-01-05T09:00:00Z",
        "lines": [{"barcode": "6900000000010", "quantity": 3, "unitPrice": "15.90"}],
        "paid": "47.70",
    }
    payload = await _at_once(clerk, "posSaleRecord", wish)
    assert payload["order"]["status"] == "COMPLETED"
    assert await books(platform, world) == Books(on_hand=97, reserved=0, held=0, orders=1)
    assert await _count(platform, world, "payment") == 1
    assert not await audit(platform, world.tenant)
