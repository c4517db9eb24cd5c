"""Paying an order."""

import re

import pytest

from hexmart.testing import Client, World
from tests.schema.conftest import Number
from tests.schema.shop import ORDER, Payload, act, buy, done, fill, place, read, refusal

pytestmark = pytest.mark.anyio
FIELDS = f"payment {{ id provider status amount {{ amount currency }} }} clientParameters {ORDER}"


async def start(who: Client, order: Payload, key: str = "1", provider: str = "sandbox") -> Payload:
    """The payload of beginning to pay."""
    asked = {"orderId": order["id"], "provider": provider, "idempotencyKey": key}
    return await who.do("paymentStart", asked, FIELDS)


async def test_the_sandbox_captures_at_once(client: Client, world: World) -> None:
    payload = await start(client, await place(client, await fill(client, world)))
    order, payment = done(payload, "order"), payload["payment"]
    assert (payment["provider"], payment["status"]) == ("sandbox", "CAPTURED")
    assert (payment["amount"], payload["clientParameters"]) == ({"amount": "31.80", "currency": "CNY"}, {})
    assert (order["status"], order["paymentStatus"], order["reservedUntil"]) == ("PAID", "CAPTURED", None)
    assert [part["status"] for part in order["fulfilments"]] == ["WAITING"]
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", order["pickupCode"])


async def test_the_same_key_goes_on_with_the_same_payment(client: Client, world: World, number_of: Number) -> None:
    order = await place(client, await fill(client, world))
    first, again = await start(client, order), await start(client, order)
    assert (again["payment"], again["order"]) == (first["payment"], first["order"])
    assert await number_of("payment") == 1
    mutation = "mutation($i: PaymentStartInput!) { paymentStart(input: $i) { payment { id } } }"
    other = await place(client, await fill(client, world))
    fresh = {"orderId": other["id"], "provider": "sandbox", "idempotencyKey": "1"}  # a guest is known by the order
    assert (await client.run(mutation, i=fresh))["paymentStart"]["payment"]["id"] != first["payment"]["id"]


async def test_an_order_is_not_paid_twice(client: Client, world: World, number_of: Number) -> None:
    order = await buy(client, world)
    assert refusal(await start(client, order, "another key")) == ("ORDER_STATE", ["input", "orderId"])
    assert (await number_of("payment"), await read(client, order)) == (1, order)


async def test_an_unknown_way_to_pay_is_answered_with_the_known_ones(
    client: Client, world: World, number_of: Number
) -> None:
    order = await place(client, await fill(client, world))
    payload = await start(client, order, provider="wechat")
    assert refusal(payload) == ("INVALID", ["input", "provider"])
    assert payload["userErrors"][0]["message"] == "There is no such way to pay here; there is: sandbox."
    assert (await number_of("payment"), await read(client, order)) == (0, order)


async def test_a_cancelled_order_is_not_paid(client: Client, world: World, number_of: Number) -> None:
    order = await place(client, await fill(client, world))
    done(await act(client, "orderCancel", order, idempotencyKey="1"), "order")
    assert refusal(await start(client, order)) == ("RESERVATION_EXPIRED", ["input", "orderId"])
    assert await number_of("payment") == 0


async def test_only_the_buyer_pays_and_whoever_takes_money_at_the_counter(
    client: Client, world: World, member: Client
) -> None:
    order = await place(member, await fill(member, world))
    finance = await client.staff(world.email("finance"))
    for other in (client, await client.member("13900000002"), finance):
        assert refusal(await start(other, order)) == ("NOT_FOUND", ["input", "orderId"])
    assert await read(member, order) == order
    assert done(await start(member, order), "order")["status"] == "PAID"


async def test_who_takes_money_at_the_counter_takes_it_of_anybody(client: Client, world: World, member: Client) -> None:
    order = await place(member, await fill(member, world))
    clerk = await client.staff(world.email("clerk"))
    assert done(await start(clerk, order), "order")["status"] == "PAID"
