"""Bringing the books in line with the shelf."""

import pytest

from core.actors import system
from core.ids import new_id
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import Payload, buy, done, refusal

pytestmark = pytest.mark.anyio
FIELDS = "stock { onHand reserved available }"


async def adjust(staff: Client, world: World, key: str = "1", **more: object) -> Payload:
    """The payload of correcting the milk of S1."""
    asked = {"locationId": world.stores["S1"], "variantId": world.variants["MILK-1L"], "reason": "count"}
    return await staff.do("stockAdjust", asked | {"idempotencyKey": key} | more, FIELDS)


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"delta": 5}, 105),
        ({"delta": -5}, 95),
        ({"delta": -98}, 2),
        ({"countedTo": 250}, 250),
        ({"countedTo": 2}, 2),
        ({"countedTo": 250, "expectedOnHand": 100}, 250),
        ({"delta": -1, "expectedOnHand": 100}, 99),
    ],
)
async def test_stock_is_corrected_by_a_difference_or_to_a_count(
    client: Client, world: World, manager: Client, shelf: Shelf, number_of: Number, change: Payload, left: int
) -> None:
    await buy(client, world)
    before = await number_of("stock_movement")
    stock = done(await adjust(manager, world, **change), "stock")
    assert stock == {"onHand": left, "reserved": 2, "available": left - 2}
    assert (await shelf(), await number_of("stock_movement")) == ((left, 2), before + 1)


async def test_every_correction_leaves_a_movement_with_its_reason(
    world: World, manager: Client, platform: Platform
) -> None:
    for key, change in enumerate([{"delta": -3}, {"countedTo": 90}, {"delta": 10}, {"countedTo": 100}]):
        done(await adjust(manager, world, str(key), reason=f"why {key}", **change), "stock")
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        sql = "SELECT delta, reason FROM stock_movement WHERE tenant_id = $1 AND variant_id = $2 AND location_id = $3"
        rows = await work.fetch(f"{sql} ORDER BY at", world.variant_keys["MILK-1L"], world.store_keys["S1"])
    assert [tuple(row) for row in rows] == [(100, "OPENING"), (-3, "why 0"), (-7, "why 1"), (10, "why 2")]


async def test_a_count_starts_the_stock_of_what_was_never_there(world: World, manager: Client, shelf: Shelf) -> None:
    done(await adjust(manager, world, locationId=world.stores["S3"], countedTo=7, expectedOnHand=0), "stock")
    assert await shelf(store="S3") == (7, 0)


async def test_the_same_key_corrects_once(world: World, manager: Client, shelf: Shelf) -> None:
    for _ in range(2):
        assert done(await adjust(manager, world, delta=-5), "stock")["onHand"] == 95
    assert await shelf() == (95, 0)
    asked = {"locationId": world.stores["S1"], "variantId": world.variants["MILK-1L"], "reason": "count"}
    mutation = "mutation($i: StockAdjustInput!) { stockAdjust(input: $i) { stock { onHand } } }"
    assert await manager.code(mutation, i=asked | {"delta": -6, "idempotencyKey": "1"}) == "IDEMPOTENCY_KEY_REUSED"
    assert await shelf() == (95, 0)


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"delta": 1, "expectedOnHand": 99}, "STALE", ["input", "expectedOnHand"]),
        ({"countedTo": 5, "expectedOnHand": 0}, "STALE", ["input", "expectedOnHand"]),
        ({"delta": -99}, "INVALID", ["input", "delta"]),  # two are promised
        ({"countedTo": 1}, "INVALID", ["input", "countedTo"]),
        ({"countedTo": -1}, "INVALID", ["input", "countedTo"]),
        ({"countedTo": 1_000_000_001}, "INVALID", ["input", "countedTo"]),
        ({"delta": 1_000_000_000}, "INVALID", ["input", "delta"]),
        ({}, "INVALID", ["input", "delta"]),
        ({"delta": 1, "countedTo": 1}, "INVALID", ["input", "delta"]),
        ({"delta": 1, "reason": " "}, "INVALID", ["input", "reason"]),
        ({"delta": 1, "reason": "r" * 201}, "INVALID", ["input", "reason"]),
        ({"delta": 1, "key": ""}, "INVALID", ["input", "idempotencyKey"]),
        ({"delta": 1, "locationId": "garbage"}, "NOT_FOUND", ["input", "locationId"]),
        ({"delta": 1, "locationId": global_id("Store", new_id())}, "NOT_FOUND", ["input", "locationId"]),
        ({"countedTo": 0, "locationId": global_id("Location", new_id())}, "NOT_FOUND", ["input", "locationId"]),
        ({"delta": 1, "variantId": global_id("ProductVariant", new_id())}, "NOT_FOUND", ["input", "variantId"]),
    ],
)
async def test_a_correction_that_cannot_be_is_refused(
    client: Client,
    world: World,
    manager: Client,
    shelf: Shelf,
    number_of: Number,
    change: Payload,
    code: str,
    path: object,
) -> None:
    await buy(client, world)
    before = await number_of("stock_movement")
    assert refusal(await adjust(manager, world, **change)) == (code, path)
    assert (await shelf(), await number_of("stock_movement")) == ((100, 2), before)


async def test_a_store_corrects_no_other_stores_stock(
    world: World, clerk: Client, client: Client, shelf: Shelf
) -> None:
    mutation = """mutation($store: ID!, $milk: ID!) { stockAdjust(input: {
      locationId: $store, variantId: $milk, delta: 1, reason: "x", idempotencyKey: "1"}) { stock { onHand } } }"""
    ids = {"store": world.stores["S1"], "milk": world.variants["MILK-1L"]}
    assert (await clerk.code(mutation, **ids), await client.code(mutation, **ids)) == ("FORBIDDEN", "UNAUTHENTICATED")
    assert await shelf() == (100, 0)
