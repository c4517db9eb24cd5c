"""Suppliers, and goods that are ordered from them."""

from datetime import timedelta

import pytest

from core import clock
from hexmart.testing import Client, World
from schema.relay import global_id
from tests.schema.conftest import Number
from tests.schema.shop import done, refusal
from tests.schema.supplying import ORDER, SUPPLIER, draft, drafted, ordered, record, supply

pytestmark = pytest.mark.anyio
CONTACT = "{ suppliers { totalCount nodes { name contact { name phone } } } }"
LIST = """query($where: PurchaseOrderWhere, $first: Int, $after: String) {
  purchaseOrders(where: $where, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { id status } } }"""
NODE = "query($id: ID!) { node(id: $id) { ... on PurchaseOrder { id } } }"


async def test_a_supplier_is_kept_with_its_contact_which_those_who_order_see_in_full(
    owner: Client, clerk: Client
) -> None:
    await supply(owner)
    contact = {"name": "Li", "phone": "+8613900000009"}
    assert (await owner.run(CONTACT))["suppliers"]["nodes"] == [{"name": "Dairy", "contact": contact}]
    masked = {"name": "Li", "phone": "**********0009"}
    assert (await clerk.run(CONTACT))["suppliers"]["nodes"] == [{"name": "Dairy", "contact": masked}]


async def test_what_is_said_of_a_supplier_is_changed_and_the_rest_stays(owner: Client) -> None:
    key = await supply(owner)
    fields = "supplier { name leadDays active contact { phone } }"
    changed = await owner.do("supplierUpdate", {"supplierId": key, "leadDays": 7, "active": False}, fields)
    kept = {"name": "Dairy", "contact": {"phone": "+8613900000009"}}
    assert done(changed, "supplier") == kept | {"leadDays": 7, "active": False}


@pytest.mark.parametrize(
    ("said", "path"),
    [({"name": " "}, "name"), ({"leadDays": -1}, "leadDays"), ({"leadDays": 366}, "leadDays"), ({}, "name")],
)
async def test_a_supplier_without_a_name_of_its_own_or_with_impossible_days_is_refused(
    owner: Client, said: dict[str, object], path: str
) -> None:
    await supply(owner)
    payload = await owner.do(
        "supplierCreate", {"name": "Another", "leadDays": 1} | (said or SUPPLIER), "supplier { id }"
    )
    assert refusal(payload) == ("INVALID", ["input", path])


async def test_goods_are_drafted_ordered_and_expected_when_the_supplier_says(world: World, manager: Client) -> None:
    made = await draft(manager, world, {"MILK-1L": 12, "APPLE": 5_000}, note="cold")
    assert (made["status"], made["note"], made["expectedAt"]) == ("DRAFT", "cold", None)
    lines = [(line["variant"]["sku"], line["quantity"], line["total"]["amount"]) for line in made["lines"]]
    assert lines == [("MILK-1L", 12, "120.00"), ("APPLE", 5_000, "100.00")]  # apples are priced for 500 g
    before = clock.now()
    payload = await manager.do("purchaseOrderSubmit", {"purchaseOrderId": made["id"]}, ORDER)
    sent = done(payload, "purchaseOrder")
    assert sent["status"] == "ORDERED"
    assert sent["expectedAt"] >= (before + timedelta(days=3)).isoformat(timespec="seconds")[:19]
    again = await manager.do("purchaseOrderSubmit", {"purchaseOrderId": made["id"]}, ORDER)
    assert [one["code"] for one in again["warnings"]] == ["ALREADY_DONE"]


async def test_the_same_key_drafts_once(world: World, manager: Client, number_of: Number, owner: Client) -> None:
    asked = drafted(world, await supply(owner), {"MILK-1L": 12})
    first, second = [await manager.do("purchaseOrderCreate", asked, "purchaseOrder { id }") for _ in range(2)]
    assert first == second
    assert await number_of("purchase_order") == 1


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        ({"supplierId": "x"}, "NOT_FOUND", ["input", "supplierId"]),
        ({"locationId": "x"}, "NOT_FOUND", ["input", "locationId"]),
        ({"note": " "}, "INVALID", ["input", "note"]),
        ({"lines": []}, "INVALID", ["input", "lines"]),
        ({"quantity": 0}, "INVALID", ["input", "lines", "quantity"]),
        ({"quantity": 1_000_001}, "INVALID", ["input", "lines", "quantity"]),
        ({"unitCost": "-1"}, "INVALID", ["input", "lines", "unitCost"]),
        ({"unitCost": "0.001"}, "INVALID", ["input", "lines", "unitCost"]),
        ({"variantId": "x"}, "NOT_FOUND", ["input", "lines", "variantId"]),
        ({"twice": True}, "INVALID", ["input", "lines", "variantId"]),
        ({"idempotencyKey": ""}, "INVALID", ["input", "idempotencyKey"]),
    ],
)
async def test_a_draft_that_cannot_be_is_refused(
    world: World, owner: Client, number_of: Number, wrong: dict[str, object], code: str, path: list[str]
) -> None:
    asked = drafted(world, await supply(owner), {"MILK-1L": 12})
    line = asked["lines"][0] | {key: wrong[key] for key in ("quantity", "unitCost", "variantId") if key in wrong}
    lines = [line, line] if "twice" in wrong else [line]
    rest = {key: wrong[key] for key in ("supplierId", "locationId", "note", "lines", "idempotencyKey") if key in wrong}
    payload = await owner.do("purchaseOrderCreate", asked | {"lines": lines} | rest, "purchaseOrder { id }")
    assert refusal(payload) == (code, path)
    assert await number_of("purchase_order") == await number_of("purchase_order_line") == 0


async def test_nothing_is_ordered_from_a_supplier_who_is_not_active(world: World, owner: Client) -> None:
    made = await draft(owner, world, {"MILK-1L": 12})
    supplier = made["supplier"]["id"]
    done(await owner.do("supplierUpdate", {"supplierId": supplier, "active": False}, "supplier { id }"), "supplier")
    payload = await owner.do("purchaseOrderCreate", drafted(world, supplier, {"BREAD": 1}, idempotencyKey="2"), ORDER)
    assert refusal(payload) == ("INVALID", ["input", "supplierId"])
    payload = await owner.do("purchaseOrderSubmit", {"purchaseOrderId": made["id"]}, ORDER)
    assert refusal(payload) == ("INVALID", ["input", "purchaseOrderId"])


async def test_an_order_is_cancelled_once_and_not_after_all_has_come(world: World, manager: Client) -> None:
    made = await draft(manager, world, {"MILK-1L": 2})
    cancelled = [await manager.do("purchaseOrderCancel", {"purchaseOrderId": made["id"]}, ORDER) for _ in range(2)]
    assert [one["purchaseOrder"]["status"] for one in cancelled] == ["CANCELLED"] * 2
    assert [len(one["warnings"]) for one in cancelled] == [0, 1]
    payload = await manager.do("purchaseOrderSubmit", {"purchaseOrderId": made["id"]}, ORDER)
    assert refusal(payload) == ("PURCHASE_ORDER_STATE", ["input", "purchaseOrderId"])


async def test_what_is_left_of_an_order_is_cancelled_and_what_came_stays(
    world: World, manager: Client, number_of: Number
) -> None:
    order = await ordered(manager, world, {"MILK-1L": 10})
    done(await record(manager, world, {"MILK-1L": 4}, purchaseOrderId=order["id"]), "receipt")
    payload = await manager.do("purchaseOrderCancel", {"purchaseOrderId": order["id"]}, ORDER)
    cancelled = done(payload, "purchaseOrder")
    assert (cancelled["status"], cancelled["lines"][0]["received"]) == ("CANCELLED", 4)
    payload = await record(manager, world, {"MILK-1L": 6}, "2", purchaseOrderId=order["id"])
    assert refusal(payload) == ("PURCHASE_ORDER_STATE", ["input", "purchaseOrderId"])
    assert await number_of("receipt") == 1


async def test_a_role_in_one_store_reaches_the_orders_to_that_store(
    world: World, owner: Client, clerk_of_s1: Client
) -> None:
    here = await draft(owner, world, {"MILK-1L": 1})
    asked = drafted(world, here["supplier"]["id"], {"MILK-1L": 1}, locationId=world.stores["S2"], idempotencyKey="2")
    there = done(await owner.do("purchaseOrderCreate", asked, ORDER), "purchaseOrder")
    seen = (await clerk_of_s1.run(LIST))["purchaseOrders"]
    assert (seen["totalCount"], [one["id"] for one in seen["nodes"]]) == (1, [here["id"]])
    assert (await clerk_of_s1.run(NODE, id=here["id"]))["node"] == {"id": here["id"]}
    assert (await clerk_of_s1.run(NODE, id=there["id"]))["node"] is None
    assert (await owner.run(LIST))["purchaseOrders"]["totalCount"] == 2


async def test_orders_are_found_by_place_supplier_and_state_page_by_page(world: World, owner: Client) -> None:
    supplier = await supply(owner)
    made = []
    for key, place in enumerate(["S1", "S2", "S1"]):
        asked = drafted(world, supplier, {"MILK-1L": 1}, locationId=world.stores[place], idempotencyKey=str(key))
        made.append(done(await owner.do("purchaseOrderCreate", asked, ORDER), "purchaseOrder")["id"])
    done(await owner.do("purchaseOrderSubmit", {"purchaseOrderId": made[0]}, ORDER), "purchaseOrder")

    async def found(**where: object) -> list[str]:
        return [one["id"] for one in (await owner.run(LIST, where=where))["purchaseOrders"]["nodes"]]

    assert await found() == made[::-1]
    assert await found(locationId=world.stores["S1"]) == [made[2], made[0]]
    assert await found(statuses=["ORDERED"]) == [made[0]]
    assert await found(supplierId=supplier, statuses=["DRAFT"]) == [made[2], made[1]]
    assert await found(supplierId=global_id("Supplier", world.store_keys["S1"])) == []
    first = (await owner.run(LIST, first=2))["purchaseOrders"]
    assert (first["pageInfo"]["hasNextPage"], first["totalCount"]) == (True, 3)
    rest = (await owner.run(LIST, first=2, after=first["pageInfo"]["endCursor"]))["purchaseOrders"]
    assert [one["id"] for one in rest["nodes"]] == made[:1]
