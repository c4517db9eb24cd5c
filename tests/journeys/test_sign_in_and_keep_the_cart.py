"""A shopper fills a cart, signs in, keeps it, buys, and finds the order again."""

import pytest

from hexmart.testing import Client, World

pytestmark = pytest.mark.anyio

PHONE = "13800000001"
CART = "cart { id lines { quantity variant { sku } } }"
ME = "{ viewer { ... on Member { phone cart { id } orders { totalCount nodes { number status } } } } }"


def held(cart: dict[str, list[dict[str, dict[str, str]]]]) -> dict[str, object]:
    return {line["variant"]["sku"]: line["quantity"] for line in cart["lines"]}


async def test_a_shopper_signs_in_and_keeps_the_cart(client: Client, world: World) -> None:
    yesterday = await client.member(PHONE)
    bread = [{"variantId": world.variants["BREAD"], "quantity": 1}]
    await yesterday.do("cartCreate", {"storeId": world.stores["S1"], "lines": bread}, CART)

    milk = [{"variantId": world.variants["MILK-1L"], "quantity": 2}]
    cart = (await client.do("cartCreate", {"storeId": world.stores["S1"], "lines": milk}, CART))["cart"]

    assert (await client.do("memberOtpRequest", {"phone": PHONE}))["userErrors"] == []
    member = await client.member(PHONE)
    claimed = (await member.do("cartClaim", {"cartId": cart["id"]}, CART))["cart"]
    assert held(claimed) == {"MILK-1L": 2, "BREAD": 1}
    assert (await member.run(ME))["viewer"]["cart"] == {"id": cart["id"]}
    assert await client.run("query($id: ID!) { cart(id: $id) { id } }", id=cart["id"]) == {"cart": None}

    wish = {"cartId": cart["id"], "idempotencyKey": "1"}
    order = (await member.do("orderPlace", wish, "order { id number }"))["order"]
    payment = {"orderId": order["id"], "provider": "sandbox", "idempotencyKey": "1"}
    assert (await member.do("paymentStart", payment, "payment { status }"))["payment"] == {"status": "CAPTURED"}

    me = (await member.run(ME))["viewer"]
    assert (me["phone"], me["cart"]) == ("+8613800000001", None)
    assert me["orders"] == {"totalCount": 1, "nodes": [{"number": order["number"], "status": "PAID"}]}
