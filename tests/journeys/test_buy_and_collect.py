"""A guest buys from the nearest shop and collects."""

import pytest

from hexmart.testing import Client, World

pytestmark = pytest.mark.anyio

NEAR = """
query($input: StoresNearInput!) { storesNear(input: $input) {
  store { id code name openNow location { latitude longitude cell } region { name } deliveryArea } distanceMeters open delivers hasAllItems score
  readyInMinutes deliveryFee { amount } reasons { factor value weight text } } }
"""
ORDER = """order { id number status paymentStatus pickupCode reservedUntil allowedActions
  totals { payable { amount currency } } lines { id quantity total { amount } variant { sku product { name } } }
  store { code } timeline { name actor } fulfilments { status lines { quantity orderLine { quantity } } } payments { status amount { amount } }
  refunds { status amount { amount } reason } }"""


async def test_a_guest_buys_nearby_and_collects(client: Client, world: World) -> None:
    milk = world.variants["MILK-1L"]
    near = await client.run(
        NEAR,
        input={
            "location": {"latitude": 31.2304, "longitude": 121.4737},
            "items": [{"variantId": milk, "quantity": 2}],
        },
    )
    first = near["storesNear"][0]
    assert first["store"]["code"] == "S1" and first["hasAllItems"] and first["open"]

    cart = await client.do(
        "cartCreate",
        {"storeId": first["store"]["id"], "lines": [{"variantId": milk, "quantity": 2}]},
        "cart { id version store { code } lines { id quantity total { amount } variant { sku } } totals { payable { amount } } problems { code } options { store { code } } }",
    )
    assert cart["cart"]["totals"]["payable"]["amount"] == "31.80"

    placed = await client.do("orderPlace", {"cartId": cart["cart"]["id"], "idempotencyKey": "k1"}, ORDER)
    order = placed["order"]
    assert order["status"] == "PENDING_PAYMENT" and order["pickupCode"] is None

    paid = await client.do(
        "paymentStart",
        {"orderId": order["id"], "provider": "sandbox", "idempotencyKey": "p1"},
        f"payment {{ id status }} {ORDER}",
    )
    assert paid["order"]["status"] == "PAID"
    code = paid["order"]["pickupCode"]
    assert code

    clerk = await client.staff(world.email("clerk"))
    accepted = await clerk.do("orderAccept", {"orderId": order["id"]}, ORDER)
    assert accepted["order"]["status"] == "ACCEPTED" and accepted["order"]["pickupCode"] is None
    ready = await clerk.do("orderReady", {"orderId": order["id"]}, ORDER)
    assert ready["order"]["status"] == "READY"
    verified = await clerk.do("orderVerify", {"code": code, "storeId": first["store"]["id"]}, ORDER)
    assert verified["order"]["status"] == "COMPLETED"
    again = await clerk.do("orderVerify", {"code": code, "storeId": first["store"]["id"]}, ORDER)
    assert again["userErrors"][0]["code"] == "CODE_USED"
