"""A guest buys from the nearest shop and collects."""

import pytest

from hexmart.testing import Client, World

pytestmark = pytest.mark.anyio

HERE = {"latitude": 31.2304, "longitude": 121.4737}
NEAR = "query($i: StoresNearInput!) { storesNear(input: $i) { store { id code openNow } hasAllItems } }"
CART = "cart { id version totals { payable { amount } } problems { code } }"
ORDER = "order { id status pickupCode }"


async def test_a_guest_buys_from_the_nearest_shop_and_collects(client: Client, world: World) -> None:
    milk = [{"variantId": world.variants["MILK-1L"], "quantity": 2}]
    nearest = (await client.run(NEAR, i={"location": HERE, "items": milk}))["storesNear"][0]
    assert (nearest["store"]["code"], nearest["store"]["openNow"], nearest["hasAllItems"]) == ("S1", True, True)
    store = nearest["store"]["id"]

    cart = (await client.do("cartCreate", {"storeId": store, "lines": milk}, CART))["cart"]
    assert (cart["totals"]["payable"]["amount"], cart["problems"]) == ("31.80", [])

    wish = {"cartId": cart["id"], "cartVersion": cart["version"], "idempotencyKey": "my order"}
    placed = (await client.do("orderPlace", wish, ORDER))["order"]
    assert (placed["status"], placed["pickupCode"]) == ("PENDING_PAYMENT", None)

    payment = {"orderId": placed["id"], "provider": "sandbox", "idempotencyKey": "my payment"}
    paid = (await client.do("paymentStart", payment, ORDER))["order"]
    assert (paid["status"], len(paid["pickupCode"])) == ("PAID", 9)

    clerk = await client.staff(world.email("clerk"))
    for step, status in {"orderAccept": "ACCEPTED", "orderPrepare": "PREPARING", "orderReady": "READY"}.items():
        moved = (await clerk.do(step, {"orderId": placed["id"]}, ORDER))["order"]
        assert (moved["status"], moved["pickupCode"]) == (status, None)

    shown = {"code": paid["pickupCode"], "storeId": store}
    assert (await clerk.do("orderVerify", shown, ORDER))["order"]["status"] == "COMPLETED"
    assert (await clerk.do("orderVerify", shown, ORDER))["userErrors"][0]["code"] == "CODE_USED"
