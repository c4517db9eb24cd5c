"""A clerk of one store works there, and the other stores are none of their business."""

import pytest

from hexmart.testing import Client, World

pytestmark = pytest.mark.anyio

LIST = "{ orders { totalCount nodes { id status store { code } } } }"
REFUND = "mutation($i: RefundCreateInput!) { refundCreate(input: $i) { order { id } } }"
ORDER = "order { id number status pickupCode allowedActions contact { phone } }"


async def buy(client: Client, world: World, store: str) -> dict[str, str]:
    """Bread from a store, paid."""
    bread = [{"variantId": world.variants["BREAD"], "quantity": 1}]
    cart = (await client.do("cartCreate", {"storeId": world.stores[store], "lines": bread}, "cart { id }"))["cart"]
    wish = {"cartId": cart["id"], "contact": {"phone": "13800000001"}, "idempotencyKey": "1"}
    placed = (await client.do("orderPlace", wish, ORDER))["order"]
    payment = {"orderId": placed["id"], "provider": "sandbox", "idempotencyKey": "1"}
    paid: dict[str, str] = (await client.do("paymentStart", payment, ORDER))["order"]
    return paid


async def test_a_clerk_of_one_store_serves_it_and_sees_no_other(client: Client, world: World) -> None:
    ours, theirs = await buy(client, world, "S1"), await buy(client, world, "S2")
    clerk = await client.staff(world.email("clerk.s1"))
    seen = (await clerk.run(LIST))["orders"]
    assert seen == {"totalCount": 1, "nodes": [{"id": ours["id"], "status": "PAID", "store": {"code": "S1"}}]}

    by_id = "query($id: ID!) { order(id: $id) { id } }"
    assert await clerk.run(by_id, id=theirs["id"]) == {"order": None}
    refused = await clerk.do("orderAccept", {"orderId": theirs["id"]}, ORDER)
    assert (refused["order"], refused["userErrors"][0]["code"]) == (None, "NOT_FOUND")

    accepted = (await clerk.do("orderAccept", {"orderId": ours["id"]}, ORDER))["order"]
    assert accepted["contact"]["phone"] == "**********0001"
    assert "refundCreate" not in accepted["allowedActions"]
    refund = {"orderId": ours["id"], "reason": "no reason", "idempotencyKey": "1"}
    assert await clerk.code(REFUND, i=refund) == "FORBIDDEN"

    elsewhere = {"code": theirs["pickupCode"], "storeId": world.stores["S2"]}
    assert (await clerk.do("orderVerify", elsewhere, ORDER))["userErrors"][0]["code"] == "NOT_FOUND"
    here = {"code": ours["pickupCode"], "storeId": world.stores["S1"]}
    assert (await clerk.do("orderVerify", here, ORDER))["order"]["status"] == "COMPLETED"
    assert (await client.run("query($id: ID!) { order(id: $id) { status } }", id=theirs["id"]))["order"] == {
        "status": "PAID"
    }
