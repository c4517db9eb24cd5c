"""A shopper scans in the shop, pays on the phone, and leaves by a code."""

import pytest

from core.fulfilment import leaving
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.ruling import ruled
from tests.schema.scanning import BREAD, MILK, label, scan
from tests.schema.shop import Payload, done, pay, place, quantities, refusal

pytestmark = pytest.mark.anyio
SHELF = "query($store: ID!) { products { nodes { variants { sku stock(storeId: $store) { onHand reserved } } } } }"
VERIFIED = "order { id status timeline { name actor } fulfilments { status } }"


async def _decide(client: Client, world: World, percent: int, **where: str) -> None:
    await ruled(await client.staff(world.email("owner")), "scan_and_go.check_percent", percent, **where)


async def _shelf(client: Client, world: World) -> dict[str, tuple[int, int]]:
    """On hand and promised in the first shop, as its manager sees it."""
    manager = await client.staff(world.email("manager"))
    nodes = (await manager.run(SHELF, store=world.stores["S1"]))["products"]["nodes"]
    found = {variant["sku"]: variant["stock"] for node in nodes for variant in node["variants"]}
    return {sku: (stock["onHand"], stock["reserved"]) for sku, stock in found.items() if sku != "MILK-2L"}


async def _scanned(client: Client, world: World) -> Payload:
    """Three things, one of them weighed, paid."""
    cart = done(await scan(client, world, MILK), "cart")
    for barcode in (label(342), BREAD, MILK):
        cart = done(await scan(client, world, barcode, cart), "cart")
    assert quantities(cart) == {"MILK-1L": 2, "APPLE": 342, "BREAD": 1}
    order = await place(client, cart)
    assert (order["kind"], order["status"], order["pickupCode"]) == ("SCAN_AND_GO", "PENDING_PAYMENT", None)
    return await pay(client, order)


async def test_a_shopper_scans_pays_and_leaves(client: Client, world: World, platform: Platform) -> None:
    await _decide(client, world, 0)
    order = await _scanned(client, world)
    assert (order["status"], len(order["pickupCode"]), order["totals"]["payable"]["amount"]) == ("PAID", 9, "50.45")
    assert await _shelf(client, world) == {"MILK-1L": (100, 2), "APPLE": (1000, 342), "BREAD": (100, 1)}

    clerk = await client.staff(world.email("clerk.s1"))
    shown = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    left = await clerk.do("orderVerify", shown, VERIFIED)
    assert (done(left, "order")["status"], left["warnings"]) == ("COMPLETED", [])
    assert left["order"]["fulfilments"] == [{"status": "DONE"}]
    assert await _shelf(client, world) == {"MILK-1L": (98, 0), "APPLE": (658, 0), "BREAD": (99, 0)}
    assert refusal(await clerk.do("orderVerify", shown, VERIFIED)) == ("CODE_USED", ["input", "code"])
    assert not await audit(platform, world.tenant)


async def test_whom_chance_picks_shows_the_basket_at_the_exit(client: Client, world: World) -> None:
    await _decide(client, world, 100, storeId=world.stores["S1"])
    order = await _scanned(client, world)
    clerk = await client.staff(world.email("clerk.s1"))
    left = await clerk.do("orderVerify", {"code": order["pickupCode"], "storeId": world.stores["S1"]}, VERIFIED)
    assert left["warnings"] == [
        {"code": "CHECK_BASKET", "message": "Look into the basket: 4 things.", "targetId": order["id"]}
    ]
    named = [event["name"] for event in done(left, "order")["timeline"]]
    assert named == ["placed", "paid", "completed", leaving.BASKET_CHECK]


async def test_nothing_tells_a_shopper_before_the_exit_who_is_picked(client: Client, world: World) -> None:
    seen = []
    for percent in (0, 100):
        await _decide(client, world, percent)
        order = await _scanned(client, world)
        own = {"id", "number", "pickupCode", "lines", "fulfilments", "payments"}
        seen.append({name: value for name, value in order.items() if name not in own})
    assert seen[0] == seen[1]


async def test_the_code_is_good_at_the_shop_where_it_was_bought(client: Client, world: World) -> None:
    order = await _scanned(client, world)
    manager = await client.staff(world.email("manager"))
    elsewhere = {"code": order["pickupCode"], "storeId": world.stores["S2"]}
    assert refusal(await manager.do("orderVerify", elsewhere, VERIFIED)) == ("CODE_UNKNOWN", ["input", "code"])


async def test_nobody_prepares_what_the_shopper_has_in_hand(client: Client, world: World) -> None:
    order = await _scanned(client, world)
    clerk = await client.staff(world.email("clerk.s1"))
    asked = "query($id: ID!) { order(id: $id) { allowedActions fulfilments { acceptBy } pickupCode } }"
    seen = (await clerk.run(asked, id=order["id"]))["order"]
    assert seen == {
        "allowedActions": ["orderReject", "orderVerify"], "fulfilments": [{"acceptBy": None}], "pickupCode": None
    }  # fmt: skip
    for step in ("orderAccept", "orderPrepare", "orderReady"):
        said = await clerk.do(step, {"orderId": order["id"]}, "order { id }")
        assert refusal(said)[0] == "INVALID"
