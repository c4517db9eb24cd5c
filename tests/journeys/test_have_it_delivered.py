"""A member has bread brought from whichever store suits best."""

import pytest

from hexmart.testing import Client, World

pytestmark = pytest.mark.anyio

HOME = {
    "recipient": "王芳",
    "phone": "13800000001",
    "line": "延安路1号302室",
    "city": "上海",
    "location": {"latitude": 31.2570, "longitude": 121.4737},  # 2.8 km from S1, 1.8 from S2, 0.7 from S3
}
CART = "cart { id store { code } totals { delivery { amount } payable { amount } } }"
ORDER = "order { id status store { code } address { line } timeline { name } fulfilments { status } }"


async def test_a_member_has_bread_brought_home(client: Client, world: World) -> None:
    member = await client.member("13800000001")
    bread = [{"variantId": world.variants["BREAD"], "quantity": 2}]
    cart = (await member.do("cartCreate", {"fulfilment": "DELIVERY", "lines": bread}, CART))["cart"]
    assert cart["store"] is None

    home = {"cartId": cart["id"], "fulfilment": "DELIVERY", "address": HOME}
    cart = (await member.do("cartFulfilmentSet", home, CART))["cart"]
    assert cart["store"]["code"] == "S2"
    assert cart["totals"] == {"delivery": {"amount": "6.00"}, "payable": {"amount": "31.00"}}

    placed = (await member.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": "1"}, ORDER))["order"]
    payment = {"orderId": placed["id"], "provider": "sandbox", "idempotencyKey": "1"}
    paid = (await member.do("paymentStart", payment, ORDER))["order"]
    assert (paid["status"], paid["fulfilments"]) == ("PAID", [{"status": "WAITING"}])

    clerk, courier = await client.staff(world.email("clerk")), await client.staff(world.email("courier"))
    order = {"orderId": paid["id"]}
    for step in ("orderAccept", "orderReady"):
        assert (await clerk.do(step, order, ORDER))["userErrors"] == []
    leaving = (await courier.do("orderDispatch", order, ORDER))["order"]
    assert (leaving["status"], leaving["address"]["line"]) == ("DISPATCHED", "延安路1号302室")
    brought = (await courier.do("orderComplete", order, ORDER))["order"]
    assert (brought["status"], brought["fulfilments"]) == ("COMPLETED", [{"status": "DONE"}])
    steps = ["placed", "paid", "accepted", "ready", "dispatched", "completed"]
    assert [event["name"] for event in brought["timeline"]] == steps
