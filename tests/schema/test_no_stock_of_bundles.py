"""Stock is kept of what a bundle is made of, and not of the bundle."""

import pytest

from core import clock, inventory
from core.actors import system
from core.catalog import NoOwnStock
from core.inventory import Correction
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform
from tests.bundling import add_bundle, set_bundle
from tests.faults.audit import audit
from tests.schema.shop import Payload, done, refusal
from tests.schema.supplying import supply

pytestmark = pytest.mark.anyio

BOX = "BOX"
IN_FOOD = "UPDATE product SET category_id = (SELECT id FROM category WHERE tenant_id = $1) WHERE tenant_id = $1"
FOOD = "SELECT id FROM category WHERE tenant_id = $1"


@pytest.fixture(autouse=True)
async def bundles(platform: Platform, world: World) -> None:
    await add_bundle(platform, world, BOX, {"MILK-1L": 2, "BREAD": 1})


async def test_no_stock_is_kept_of_a_bundle(platform: Platform, world: World, owner: Client) -> None:
    box, at = world.variants[BOX], {"locationId": world.stores["S1"], "idempotencyKey": "1"}
    ends = {"sourceId": world.stores["S1"], "destinationId": world.stores["S2"], "idempotencyKey": "2"}
    count = await owner.do("stockCountStart", at, "stockCount { id }")
    counted = {"variantId": box, "counted": 1, "expectedOnHand": 0}
    taken = {"takenAt": clock.now().isoformat()}
    order = {"supplierId": await supply(owner), "locationId": world.stores["S1"], "idempotencyKey": "4"}
    asked: list[tuple[str, Payload, str]] = [
        ("stockAdjust", at | {"variantId": box, "delta": 1, "reason": "x"}, "variantId"),
        ("receiptRecord", at | {"lines": [{"variantId": box, "received": 1}]}, "lines.variantId"),
        (
            "purchaseOrderCreate",
            order | {"lines": [{"variantId": box, "quantity": 1, "unitCost": "1.00"}]},
            "lines.variantId",
        ),
        ("transferCreate", ends | {"lines": [{"variantId": box, "quantity": 1}]}, "lines.variantId"),
        ("stockCountStart", at | {"variantIds": [box], "idempotencyKey": "3"}, "variantIds"),
        ("stockCountRecord", {"stockCountId": count["stockCount"]["id"], "lines": [counted]}, "lines.variantId"),
        ("stockReconcile", at | taken | {"lines": [{"sku": BOX, "onHand": 1}]}, "lines.sku"),
    ]
    for name, wish, path in asked:
        refused = await owner.do(name, wish, "__typename")
        assert [(one["code"], one["path"]) for one in refused["userErrors"]] == [
            ("NO_OWN_STOCK", ["input", *path.split(".")])
        ], name
    assert not await audit(platform, world.tenant)


async def test_whoever_counts_a_category_counts_no_bundles(platform: Platform, world: World, owner: Client) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(IN_FOOD)
        food = global_id("Category", await work.value(FOOD))
    wish = {"locationId": world.stores["S1"], "categoryId": food, "idempotencyKey": "1"}
    counted = done(await owner.do("stockCountStart", wish, "stockCount { summary { lines } }"), "stockCount")
    assert counted["summary"]["lines"] == len(world.variants) - 1


async def test_what_is_a_bundle_no_more_is_kept_in_stock_and_stays_so(
    platform: Platform, world: World, owner: Client
) -> None:
    found = Correction("FOUND", delta=1)
    place, box = world.store_keys["S1"], world.variant_keys[BOX]
    with pytest.raises(NoOwnStock):
        async with platform.open_work(world.tenant, system("test")) as work:
            await inventory.correct(work, place, box, found)
    await set_bundle(platform, world, BOX, {})
    async with platform.open_work(world.tenant, system("test")) as work:
        await inventory.correct(work, place, box, found)
        assert (await inventory.at_location(work, place, [box]))[0].on_hand == 1
    parts = [{"variantId": world.variants["BREAD"], "quantity": 1}]
    refused = await owner.do("bundleSet", {"variantId": world.variants[BOX], "components": parts}, "variant { sku }")
    assert refusal(refused) == ("INVALID", ["input", "variantId"])
    assert not await audit(platform, world.tenant)
