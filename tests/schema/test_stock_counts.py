"""What is counted becomes the truth of the books, as far as promises allow; the rest is said line by line."""

from typing import Any

import pytest

from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import Payload, buy, done, refusal

pytestmark = pytest.mark.anyio
COUNT = """stockCount { id status location { id } summary { lines counted agreeing accuracyPercent }
  lines { totalCount nodes { expected counted seen difference outcome posted unposted variant { sku } } } }"""
RECORD = "lines { outcome onHand variant { sku } } stockCount { summary { counted } }"


async def start(staff: Client, world: World, key: str = "1", **more: Any) -> Payload:
    asked = {"locationId": world.stores["S1"], "idempotencyKey": key} | more
    return done(await staff.do("stockCountStart", asked, COUNT), "stockCount")


async def record(staff: Client, world: World, count: Payload, *counted: tuple[str, int, int]) -> list[tuple[str, int]]:
    """Record SKU, number and what the books were thought to say: outcome and what they say, of each."""
    lines = [{"variantId": world.variants[sku], "counted": n, "expectedOnHand": seen} for sku, n, seen in counted]
    payload = await staff.do("stockCountRecord", {"stockCountId": count["id"], "lines": lines}, RECORD)
    assert payload["userErrors"] == [], payload
    return [(one["outcome"], one["onHand"]) for one in payload["lines"]]


async def close(staff: Client, count: Payload, key: str = "close") -> dict[str, Payload]:
    """The lines of a count that was closed, by SKU."""
    payload = await staff.do("stockCountClose", {"stockCountId": count["id"], "idempotencyKey": key}, COUNT)
    found = done(payload, "stockCount")
    assert found["status"] == "CLOSED"
    return {line["variant"]["sku"]: line | {"summary": found["summary"]} for line in found["lines"]["nodes"]}


async def test_what_differs_is_posted_and_what_agrees_is_not(
    platform: Platform, world: World, manager: Client, shelf: Shelf, number_of: Number
) -> None:
    count = await start(manager, world)
    assert count["summary"] == {"lines": 4, "counted": 0, "agreeing": 0, "accuracyPercent": None}
    told = await record(manager, world, count, ("MILK-1L", 97, 100), ("BREAD", 100, 100), ("APPLE", 1_200, 1_000))
    assert told == [("RECORDED", 100), ("RECORDED", 100), ("RECORDED", 1_000)]
    assert await shelf() == (100, 0)
    before = await number_of("stock_movement")
    lines = await close(manager, count)
    assert [(lines[sku]["outcome"], lines[sku]["posted"]) for sku in ("MILK-1L", "BREAD", "APPLE")] == [
        ("POSTED", -3),
        ("AGREED", 0),
        ("POSTED", 200),
    ]
    assert (lines["MILK-2L"]["counted"], lines["MILK-2L"]["outcome"]) == (None, None)
    assert lines["BREAD"]["summary"] == {"lines": 4, "counted": 3, "agreeing": 1, "accuracyPercent": 33.33}
    assert (await shelf(), await shelf("APPLE"), await number_of("stock_movement")) == ((97, 0), (1_200, 0), before + 2)
    assert not await audit(platform, world.tenant)


async def test_a_number_counted_beside_another_one_of_the_books_is_stale_and_the_others_are_recorded(
    world: World, manager: Client
) -> None:
    count = await start(manager, world)
    await sell(manager, world)
    told = await record(manager, world, count, ("BREAD", 100, 100), ("MILK-1L", 100, 100))
    assert told == [("STALE", 99), ("RECORDED", 100)]
    assert await record(manager, world, count, ("BREAD", 99, 99)) == [("RECORDED", 99)]
    assert (await close(manager, count))["BREAD"]["outcome"] == "AGREED"


async def sell(staff: Client, world: World, key: str = "1", quantity: int = 1) -> None:
    """A loaf over the counter."""
    line = {"barcode": "6900000000041", "quantity": quantity, "unitPrice": "12.50"}
    sale = {"externalReference": key, "soldAt": "2026-01-05T09:00:00Z", "lines": [line], "paid": "12.50"}
    done(await staff.do("posSaleRecord", {"storeId": world.stores["S1"]} | sale, "order { id }"), "order")


async def test_what_is_sold_after_it_was_counted_stays_sold(
    platform: Platform, world: World, manager: Client, shelf: Shelf
) -> None:
    count = await start(manager, world)
    await record(manager, world, count, ("BREAD", 90, 100))
    await sell(manager, world)
    assert (await close(manager, count))["BREAD"]["posted"] == -10
    assert await shelf("BREAD") == (89, 0)
    assert not await audit(platform, world.tenant)


async def test_what_is_promised_stays_on_hand_and_the_line_says_so(
    platform: Platform, world: World, manager: Client, client: Client, shelf: Shelf
) -> None:
    await buy(client, world)  # two litres of milk
    count = await start(manager, world)
    await record(manager, world, count, ("MILK-1L", 0, 100))
    line = (await close(manager, count))["MILK-1L"]
    assert (line["outcome"], line["posted"], line["unposted"]) == ("PROMISED", -98, -2)
    assert await shelf() == (2, 2)
    assert not await audit(platform, world.tenant)


async def test_a_difference_that_two_have_found_is_posted_once(world: World, manager: Client, shelf: Shelf) -> None:
    one, other = [await start(manager, world, key) for key in ("1", "2")]
    for count in (one, other):
        await record(manager, world, count, ("BREAD", 95, 100))
    assert (await close(manager, one, "c1"))["BREAD"]["posted"] == -5
    line = (await close(manager, other, "c2"))["BREAD"]
    assert (line["outcome"], line["posted"], line["unposted"]) == ("AGREED", 0, 0)
    assert await shelf("BREAD") == (95, 0)


async def test_what_somebody_has_corrected_since_it_was_counted_is_not_posted_on_top(
    world: World, manager: Client, shelf: Shelf
) -> None:
    count = await start(manager, world)
    await record(manager, world, count, ("BREAD", 95, 100))
    place, variant = world.stores["S1"], world.variants["BREAD"]
    wish = {"locationId": place, "variantId": variant, "delta": -7, "reason": "thrown away", "idempotencyKey": "1"}
    done(await manager.do("stockAdjust", wish, "stock { onHand }"), "stock")
    line = (await close(manager, count))["BREAD"]
    assert (line["outcome"], line["posted"], line["unposted"]) == ("ADJUSTED", 0, 2)
    assert await shelf("BREAD") == (93, 0)


async def test_a_count_is_of_a_list_or_of_a_category_and_takes_in_what_is_found(world: World, manager: Client) -> None:
    named = await start(manager, world, variantIds=[world.variants["MILK-1L"]])
    assert named["lines"]["totalCount"] == 1
    assert await record(manager, world, named, ("BREAD", 100, 100)) == [("RECORDED", 100)]
    assert (await close(manager, named)).keys() == {"MILK-1L", "BREAD"}
    food = (await manager.run("{ categories { id } }"))["categories"][0]["id"]
    assert (await start(manager, world, "2", categoryId=food, locationId=world.stores["S3"]))["summary"]["lines"] == 4


async def test_the_same_key_closes_once_and_another_one_finds_it_closed(
    world: World, manager: Client, shelf: Shelf
) -> None:
    count = await start(manager, world)
    await record(manager, world, count, ("MILK-1L", 90, 100))
    assert await close(manager, count) == await close(manager, count)
    assert await shelf() == (90, 0)
    asked = {"stockCountId": count["id"], "idempotencyKey": "another"}
    path = ["input", "stockCountId"]
    assert refusal(await manager.do("stockCountClose", asked, COUNT)) == ("STOCK_COUNT_CLOSED", path)
    lines = [{"variantId": world.variants["BREAD"], "counted": 1, "expectedOnHand": 100}]
    payload = await manager.do("stockCountRecord", {"stockCountId": count["id"], "lines": lines}, RECORD)
    assert refusal(payload) == ("STOCK_COUNT_CLOSED", path)


async def test_a_clerk_counts_in_one_store_and_closes_nothing(
    world: World, clerk_of_s1: Client, manager: Client
) -> None:
    count = await start(clerk_of_s1, world)
    assert await record(clerk_of_s1, world, count, ("MILK-1L", 90, 100)) == [("RECORDED", 100)]
    mutation = "mutation($i: StockCountCloseInput!) { stockCountClose(input: $i) { stockCount { id } } }"
    assert await clerk_of_s1.code(mutation, i={"stockCountId": count["id"], "idempotencyKey": "1"}) == "FORBIDDEN"
    there = await start(manager, world, "2", locationId=world.stores["S2"])
    payload = await clerk_of_s1.do("stockCountStart", {"locationId": world.stores["S2"], "idempotencyKey": "3"}, COUNT)
    assert refusal(payload) == ("NOT_FOUND", ["input", "locationId"])
    seen = (await clerk_of_s1.run("{ stockCounts { totalCount nodes { id } } }"))["stockCounts"]
    assert seen == {"totalCount": 1, "nodes": [{"id": count["id"]}]}
    assert there["id"] != count["id"]
