"""Goods that come in are on hand, with a movement each; what came damaged is still owed."""

from typing import Any

import pytest

from core.actors import system
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import Payload, done, refusal
from tests.schema.supplying import ORDER, RECEIPT, ordered, record

pytestmark = pytest.mark.anyio
READ = f"query($id: ID!) {{ node(id: $id) {{ ... on PurchaseOrder {ORDER.removeprefix('purchaseOrder ')} }} }}"
LIST = "query($at: ID) { receipts(locationId: $at) { totalCount nodes { reference location { id } } } }"


async def standing(staff: Client, order: Payload) -> tuple[str, list[tuple[int, int, int]]]:
    """State of an order, and received, damaged and outstanding of each line."""
    found = (await staff.run(READ, id=order["id"]))["node"]
    return found["status"], [(one["received"], one["damaged"], one["outstanding"]) for one in found["lines"]]


async def movements(platform: Platform, world: World) -> list[tuple[str, int]]:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        rows = await work.fetch("SELECT reason, delta FROM stock_movement WHERE tenant_id = $1 AND reason <> 'OPENING'")
    return sorted(tuple(row) for row in rows)


async def test_a_delivery_in_parts_ends_its_order_with_the_last_of_it(
    platform: Platform, world: World, manager: Client, shelf: Shelf
) -> None:
    order = await ordered(manager, world, {"MILK-1L": 10, "BREAD": 5})
    done(await record(manager, world, {"MILK-1L": 4}, "1", purchaseOrderId=order["id"]), "receipt")
    assert await standing(manager, order) == ("PARTLY_RECEIVED", [(4, 0, 6), (0, 0, 5)])
    made = await record(manager, world, {"MILK-1L": 6, "BREAD": 5}, "2", purchaseOrderId=order["id"], reference="LS-7")
    receipt = done(made, "receipt")
    assert (receipt["reference"], receipt["purchaseOrder"]["status"]) == ("LS-7", "RECEIVED")
    assert await standing(manager, order) == ("RECEIVED", [(10, 0, 0), (5, 0, 0)])
    assert (await shelf("MILK-1L"), await shelf("BREAD")) == ((110, 0), (105, 0))
    assert await movements(platform, world) == [("RECEIPT", 4), ("RECEIPT", 5), ("RECEIPT", 6)]
    assert not await audit(platform, world.tenant)


async def test_what_came_damaged_is_not_on_hand_and_still_owed(
    platform: Platform, world: World, manager: Client, shelf: Shelf
) -> None:
    order = await ordered(manager, world, {"MILK-1L": 10})
    lines = [{"variantId": world.variants["MILK-1L"], "received": 7, "damaged": 3}]
    asked = {"purchaseOrderId": order["id"], "lines": lines, "idempotencyKey": "1"}
    assert done(await manager.do("receiptRecord", asked, RECEIPT), "receipt")["lines"][0]["damaged"] == 3
    assert await standing(manager, order) == ("PARTLY_RECEIVED", [(7, 3, 3)])
    assert await shelf() == (107, 0)
    done(await record(manager, world, {"MILK-1L": 3}, "2", purchaseOrderId=order["id"]), "receipt")
    assert await standing(manager, order) == ("RECEIVED", [(10, 3, 0)])
    assert not await audit(platform, world.tenant)


async def test_goods_that_nobody_ordered_are_taken_in_where_they_came(
    world: World, clerk_of_s1: Client, shelf: Shelf
) -> None:
    receipt = done(await record(clerk_of_s1, world, {"BREAD": 8}), "receipt")
    assert receipt["purchaseOrder"] is None
    assert await shelf("BREAD") == (108, 0)


async def test_the_same_key_brings_goods_once(world: World, manager: Client, shelf: Shelf, number_of: Number) -> None:
    first, second = [await record(manager, world, {"MILK-1L": 5}) for _ in range(2)]
    assert first == second
    assert (await shelf(), await number_of("receipt")) == ((105, 0), 1)
    lines = [{"variantId": world.variants["MILK-1L"], "received": 6}]
    asked = {"locationId": world.stores["S1"], "lines": lines, "idempotencyKey": "1"}
    mutation = "mutation($i: ReceiptRecordInput!) { receiptRecord(input: $i) { receipt { id } } }"
    assert await manager.code(mutation, i=asked) == "IDEMPOTENCY_KEY_REUSED"
    assert await shelf() == (105, 0)


async def test_more_than_was_ordered_is_refused_above_what_the_brand_tolerates(
    world: World, owner: Client, shelf: Shelf, number_of: Number
) -> None:
    order = await ordered(owner, world, {"MILK-1L": 20})
    payload = await record(owner, world, {"MILK-1L": 21}, purchaseOrderId=order["id"])
    assert refusal(payload) == ("OVER_RECEIPT", ["input", "lines", "received"])
    assert "of 20, 0 had come already, and 21 more are too many" in payload["userErrors"][0]["message"]
    assert (await shelf(), await number_of("receipt"), await number_of("receipt_line")) == ((100, 0), 0, 0)
    rule = {"key": "supply.over_receipt_percent", "value": 10, "storeId": world.stores["S1"]}
    done(await owner.do("ruleSet", rule, "rule { key }"), "rule")
    payload = await record(owner, world, {"MILK-1L": 23}, purchaseOrderId=order["id"])
    assert refusal(payload)[0] == "OVER_RECEIPT"
    done(await record(owner, world, {"MILK-1L": 22}, purchaseOrderId=order["id"]), "receipt")
    assert await standing(owner, order) == ("RECEIVED", [(22, 0, 0)])


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        ({"locationId": None}, "INVALID", ["input", "purchaseOrderId"]),
        ({"purchaseOrderId": "x"}, "INVALID", ["input", "purchaseOrderId"]),
        ({"purchaseOrderId": "x", "locationId": None}, "NOT_FOUND", ["input", "purchaseOrderId"]),
        ({"locationId": "x"}, "NOT_FOUND", ["input", "locationId"]),
        ({"reference": ""}, "INVALID", ["input", "reference"]),
        ({"lines": []}, "INVALID", ["input", "lines"]),
        ({"received": 0}, "INVALID", ["input", "lines", "received"]),
        ({"received": -1, "damaged": 2}, "INVALID", ["input", "lines", "received"]),
        ({"received": 2, "damaged": -1}, "INVALID", ["input", "lines", "received"]),
        ({"received": 1_000_001}, "INVALID", ["input", "lines", "received"]),
        ({"variantId": "x"}, "NOT_FOUND", ["input", "lines", "variantId"]),
    ],
)
async def test_a_receipt_that_cannot_be_is_refused(
    world: World,
    manager: Client,
    shelf: Shelf,
    number_of: Number,
    wrong: dict[str, Any],
    code: str,
    path: list[str],
) -> None:
    of_line = {"received", "damaged", "variantId"}
    line = {"variantId": world.variants["MILK-1L"], "received": 1} | {k: v for k, v in wrong.items() if k in of_line}
    asked = {"locationId": world.stores["S1"], "lines": [line], "idempotencyKey": "1"}
    payload = await manager.do("receiptRecord", asked | {k: v for k, v in wrong.items() if k not in of_line}, RECEIPT)
    assert refusal(payload) == (code, path)
    assert (await shelf(), await number_of("receipt"), await number_of("receipt_line")) == ((100, 0), 0, 0)


async def test_what_the_order_does_not_name_does_not_come_with_it(world: World, manager: Client, shelf: Shelf) -> None:
    order = await ordered(manager, world, {"MILK-1L": 10})
    payload = await record(manager, world, {"MILK-1L": 1, "BREAD": 1}, purchaseOrderId=order["id"])
    assert refusal(payload) == ("NOT_FOUND", ["input", "lines", "variantId"])
    assert await shelf() == (100, 0)


async def test_a_clerk_of_one_store_takes_in_what_comes_there_and_nothing_elsewhere(
    world: World, owner: Client, clerk_of_s1: Client, shelf: Shelf
) -> None:
    payload = await record(clerk_of_s1, world, {"MILK-1L": 1}, locationId=world.stores["S2"])
    assert refusal(payload) == ("NOT_FOUND", ["input", "locationId"])
    order = await ordered(owner, world, {"MILK-1L": 1}, locationId=world.stores["S2"])
    payload = await record(clerk_of_s1, world, {"MILK-1L": 1}, purchaseOrderId=order["id"])
    assert refusal(payload) == ("NOT_FOUND", ["input", "purchaseOrderId"])
    assert await shelf(store="S2") == (100, 0)
    done(await record(owner, world, {"MILK-1L": 1}, "2", purchaseOrderId=order["id"]), "receipt")
    done(await record(clerk_of_s1, world, {"MILK-1L": 1}, reference="here"), "receipt")
    assert [one["reference"] for one in (await clerk_of_s1.run(LIST))["receipts"]["nodes"]] == ["here"]
    assert (await owner.run(LIST))["receipts"]["totalCount"] == 2
    assert (await owner.run(LIST, at=world.stores["S2"]))["receipts"]["totalCount"] == 1
