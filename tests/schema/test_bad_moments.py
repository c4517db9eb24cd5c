"""Requests that come too early or too late: refused, and nothing is changed."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from hexmart.testing import Client, World
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import CART, ORDER, act, buy, done, fill, place, read, read_cart, refusal

pytestmark = pytest.mark.anyio


@pytest.mark.usefixtures("at_night")
async def test_a_closed_store_takes_no_order(client: Client, world: World, shelf: Shelf, number_of: Number) -> None:
    cart = await fill(client, world)
    asked = {"cartId": cart["id"], "fulfilment": "PICKUP", "storeId": world.stores["S3"]}
    cart = done(await client.do("cartFulfilmentSet", asked, CART), "cart")
    refused = await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": "1"}, ORDER)
    assert refusal(refused) == ("STORE_CLOSED", ["input", "cartId"])
    assert refused["userErrors"][0]["message"].startswith("S3店 is closed now")
    assert (await read_cart(client, cart), await shelf(store="S3"), await number_of("sales_order")) == (cart, (0, 0), 0)


async def test_an_expired_reservation_is_not_paid(
    client: Client, world: World, number_of: Number, move_clock: Callable[[timedelta], Awaitable[None]]
) -> None:
    order = await place(client, await fill(client, world))
    await move_clock(timedelta(minutes=15, seconds=1))
    asked = {"orderId": order["id"], "provider": "sandbox", "idempotencyKey": "1"}
    assert refusal(await client.do("paymentStart", asked)) == ("RESERVATION_EXPIRED", ["input", "orderId"])
    assert (await number_of("payment"), (await read(client, order) or {})["status"]) == (0, "PENDING_PAYMENT")


async def test_an_expired_cart_is_not_ordered(
    client: Client, world: World, number_of: Number, move_clock: Callable[[timedelta], Awaitable[None]]
) -> None:
    cart = await fill(client, world)
    await move_clock(timedelta(days=31))
    refused = await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": "1"}, ORDER)
    assert (refusal(refused), await number_of("sales_order")) == (("NOT_FOUND", ["input", "cartId"]), 0)


async def test_an_order_that_is_over_takes_no_step_and_no_payment(
    client: Client, world: World, manager: Client, shelf: Shelf
) -> None:
    order = await buy(client, world)
    code = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    over = done(await manager.do("orderVerify", code, ORDER), "order")
    for step in ("orderAccept", "orderPrepare", "orderReady", "orderReject"):
        assert refusal(await act(manager, step, order)) == ("ORDER_STATE", ["input", "orderId"])
    assert refusal(await act(client, "orderCancel", order, idempotencyKey="1")) == ("ORDER_STATE", ["input", "orderId"])
    again = {"orderId": order["id"], "provider": "sandbox", "idempotencyKey": "again"}
    assert refusal(await client.do("paymentStart", again)) == ("ORDER_STATE", ["input", "orderId"])
    assert refusal(await manager.do("orderVerify", code)) == ("CODE_USED", ["input", "code"])
    assert (await read(manager, order), await shelf()) == (over, (98, 0))
