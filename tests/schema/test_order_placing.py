"""From a cart to an order: its stock is promised, and it is one order whatever happens."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core import clock
from hexmart.testing import Client, World
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import CART, ORDER, PHONE, buy, done, fill, items, pay, place, quantities, read, refusal

pytestmark = pytest.mark.anyio


async def test_placing_an_order_locks_its_stock_for_a_quarter_of_an_hour(
    client: Client, world: World, shelf: Shelf
) -> None:
    order = await place(client, await fill(client, world, {"MILK-1L": 2, "APPLE": 250}))
    assert (order["status"], order["paymentStatus"], order["kind"]) == ("PENDING_PAYMENT", "PENDING", "PICKUP")
    assert order["totals"]["payable"] == {"amount": "36.30", "currency": "CNY"}
    assert quantities(order) == {"MILK-1L": 2, "APPLE": 250}
    assert (order["payments"], order["fulfilments"], order["pickupCode"]) == ([], [], None)
    locked = datetime.fromisoformat(order["reservedUntil"]) - clock.now()
    assert timedelta(minutes=14, seconds=50) < locked <= timedelta(minutes=15)
    assert (await shelf("MILK-1L"), await shelf("APPLE")) == ((100, 2), (1000, 250))


async def test_the_same_key_gives_the_same_order(client: Client, world: World, shelf: Shelf) -> None:
    cart = await fill(client, world)
    order = await place(client, cart, note="ring twice")
    assert await place(client, cart, note="ring twice") == order
    assert await shelf() == (100, 2)
    query = "mutation($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } } }"
    other = {"cartId": cart["id"], "idempotencyKey": cart["id"], "note": "ring once"}
    assert await client.code(query, i=other) == "IDEMPOTENCY_KEY_REUSED"


async def test_another_key_says_which_order_the_cart_has_become(
    client: Client, world: World, number_of: Number
) -> None:
    cart = await fill(client, world)
    order = await place(client, cart)
    payload = await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": "other"}, ORDER)
    assert [error["code"] for error in payload["userErrors"]] == ["CART_ORDERED"]
    assert (payload["order"]["id"], await number_of("sales_order")) == (order["id"], 1)
    added = await client.do("cartLineAdd", {"cartId": cart["id"], **items(world, {"BREAD": 1})[0]}, CART)
    assert refusal(added) == ("CART_ORDERED", ["input", "cartId"])


async def test_who_sees_the_version_of_the_cart_orders_just_that(
    client: Client, world: World, number_of: Number, shelf: Shelf
) -> None:
    cart = await fill(client, world)
    stale = {"cartId": cart["id"], "cartVersion": cart["version"] - 1, "idempotencyKey": "1"}
    assert refusal(await client.do("orderPlace", stale, ORDER)) == ("STALE", ["input", "cartVersion"])
    assert (await number_of("sales_order"), await shelf()) == (0, (100, 0))
    assert quantities(await place(client, cart, cartVersion=cart["version"])) == {"MILK-1L": 2}


async def test_an_order_is_placed_whole_or_not_at_all(
    client: Client, world: World, manager: Client, number_of: Number, shelf: Shelf
) -> None:
    cart = await fill(client, world, {"BREAD": 2, "MILK-1L": 1})
    sold = {"locationId": world.stores["S1"], "variantId": world.variants["BREAD"], "countedTo": 1, "reason": "count"}
    await manager.do("stockAdjust", sold | {"idempotencyKey": "1"})
    fields = f"{ORDER} userErrors {{ ... on StockShortage {{ lines {{ wanted available variant {{ sku }} }} }} }}"
    payload = await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": "1"}, fields)
    assert refusal(payload)[0] == "OUT_OF_STOCK"
    assert payload["userErrors"][0]["lines"] == [{"wanted": 2, "available": 1, "variant": {"sku": "BREAD"}}]
    assert (await number_of("sales_order"), await shelf("BREAD"), await shelf("MILK-1L")) == (0, (1, 0), (100, 0))


async def test_an_unpaid_order_ends_and_gives_its_stock_back(
    client: Client, world: World, shelf: Shelf, move_clock: Any, run_worker: Any
) -> None:
    order = await place(client, await fill(client, world))
    await move_clock(timedelta(minutes=14))
    await run_worker()
    assert ((await read(client, order) or {})["status"], await shelf()) == ("PENDING_PAYMENT", (100, 2))
    await move_clock(timedelta(minutes=2))
    late = {"orderId": order["id"], "provider": "sandbox", "idempotencyKey": "late"}
    assert refusal(await client.do("paymentStart", late, ORDER)) == ("RESERVATION_EXPIRED", ["input", "orderId"])
    await run_worker()
    ended = await read(client, order) or {}
    assert (ended["status"], ended["paymentStatus"], ended["payments"]) == ("CANCELLED", "CANCELLED", [])
    assert ([event["name"] for event in ended["timeline"]], await shelf()) == (["placed", "expired"], (100, 0))


async def test_a_paid_order_keeps_its_stock(
    client: Client, world: World, shelf: Shelf, move_clock: Any, run_worker: Any
) -> None:
    order = await buy(client, world)
    await move_clock(timedelta(days=1))
    await run_worker()
    assert ((await read(client, order) or {})["status"], await shelf()) == ("PAID", (100, 2))


async def test_an_order_keeps_the_prices_contact_and_note_of_its_moment(client: Client, world: World) -> None:
    order = await place(client, await fill(client, world), contact={"phone": PHONE, "name": "小王"}, note="门口")
    query = """query($id: ID!) { order(id: $id) { note contact { name phone } address { line }
      lines { unitPrice { amount } total { amount } } adjustments { kind } slot { start } placedAt } }"""
    kept = (await client.run(query, id=order["id"]))["order"]
    assert (kept["note"], kept["contact"]) == ("门口", {"name": "小王", "phone": "+8613800000001"})
    assert (kept["address"], kept["slot"], kept["adjustments"]) == (None, None, [])
    assert kept["lines"] == [{"unitPrice": {"amount": "15.90"}, "total": {"amount": "31.80"}}]


async def test_a_delivery_without_an_address_is_not_placed(client: Client, world: World, number_of: Number) -> None:
    cart = await fill(client, world, fulfilment="DELIVERY")
    payload = await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": "1"}, ORDER)
    assert (refusal(payload), await number_of("sales_order")) == (("INVALID", ["input", "cartId"]), 0)


async def test_a_failed_placing_does_not_use_up_its_key(client: Client, world: World) -> None:
    cart = await fill(client, world, fulfilment="DELIVERY")
    asked = {"cartId": cart["id"], "idempotencyKey": "1"}
    assert refusal(await client.do("orderPlace", asked, ORDER))[0] == "INVALID"
    done(await client.do("cartFulfilmentSet", {"cartId": cart["id"], "fulfilment": "PICKUP"}, CART), "cart")
    assert (await pay(client, done(await client.do("orderPlace", asked, ORDER), "order")))["status"] == "PAID"
