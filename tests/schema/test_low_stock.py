"""What is low at a place, and who could send some."""

from typing import Any

import pytest

from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform
from tests.core.supply.low_stock import decide, sell, warehouse
from tests.faults.shop import MILK, stock_up

pytestmark = pytest.mark.anyio
LOW = """query($at: ID!, $first: Int, $after: String) { lowStock(locationId: $at, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { available threshold since variant { sku }
    proposal { quantity source { id name } } } } }"""


async def _low(client: Client, world: World, store: str = "S1", **page: Any) -> dict[str, dict[str, Any]]:
    found = await client.run(LOW, at=world.stores[store], **page)
    return {one["variant"]["sku"]: one for one in found["lowStock"]["nodes"]}


async def _proposed(client: Client, world: World, sku: str = MILK) -> tuple[str, int] | None:
    found = (await _low(client, world))[sku]["proposal"]
    return (found["source"]["name"], found["quantity"]) if found else None


async def test_what_has_fallen_to_the_threshold_is_low(platform: Platform, client: Client, world: World) -> None:
    manager = await client.staff(world.email("manager"))
    await stock_up(platform, world, 6)
    assert set(await _low(manager, world)) == {"APPLE"}
    await sell(platform, world, 1)
    found = await _low(manager, world)
    assert {sku: (one["available"], one["threshold"]) for sku, one in found.items()} == {
        "APPLE": (1_000, 2_500),  # five times the 500 g that a price is for
        MILK: (5, 5),
    }
    assert set(await _low(manager, world, "S2")) == {"APPLE"}


async def test_each_store_may_have_a_threshold_of_its_own(platform: Platform, client: Client, world: World) -> None:
    manager = await client.staff(world.email("manager"))
    await decide(platform, world, "S1", low_stock=100)
    await decide(platform, world, low_stock=1)
    assert len(await _low(manager, world)) == 4
    assert await _low(manager, world, "S2") == {}


async def test_pages_go_on_and_are_counted(platform: Platform, client: Client, world: World) -> None:
    manager = await client.staff(world.email("manager"))
    await decide(platform, world, low_stock=100)
    one = (await manager.run(LOW, at=world.stores["S1"], first=3))["lowStock"]
    assert (one["totalCount"], len(one["nodes"]), one["pageInfo"]["hasNextPage"]) == (4, 3, True)
    two = (await manager.run(LOW, at=world.stores["S1"], first=3, after=one["pageInfo"]["endCursor"]))["lowStock"]
    assert (len(two["nodes"]), two["pageInfo"]["hasNextPage"]) == (1, False)
    assert len({item["variant"]["sku"] for item in one["nodes"] + two["nodes"]}) == 4


async def test_a_place_that_a_role_does_not_reach_is_not_found(client: Client, world: World) -> None:
    clerk = await client.staff(world.email("clerk.s1"))
    assert set(await _low(clerk, world)) == {"APPLE"}
    assert await clerk.code(LOW, at=world.stores["S2"]) == "BAD_REQUEST"
    assert await clerk.code(LOW, at=global_id("Store", world.variant_keys[MILK])) == "BAD_REQUEST"
    assert await client.code(LOW, at=world.stores["S1"]) == "UNAUTHENTICATED"


async def test_the_warehouse_that_has_most_is_proposed(platform: Platform, client: Client, world: World) -> None:
    manager = await client.staff(world.email("manager"))
    await stock_up(platform, world, 3)
    await warehouse(platform, world, "north", MILK_1L=20)
    await warehouse(platform, world, "south", MILK_1L=30)
    assert await _proposed(manager, world) == ("south", 7)  # 10 are twice the threshold
    await warehouse(platform, world, "east", APPLE=900)
    assert await _proposed(manager, world, "APPLE") == ("east", 900)  # all that there is


async def test_without_a_warehouse_the_store_that_sells_least_is_proposed(
    platform: Platform, client: Client, world: World
) -> None:
    manager = await client.staff(world.email("manager"))
    await stock_up(platform, world, 0)
    await stock_up(platform, world, 40, store="S3")
    await sell(platform, world, 2, store="S2")
    await sell(platform, world, 1, store="S3")
    assert await _proposed(manager, world) == ("S3店", 10)
    await sell(platform, world, 2, store="S3")
    assert await _proposed(manager, world) == ("S2店", 10)


async def test_a_store_that_has_little_itself_gives_nothing(platform: Platform, client: Client, world: World) -> None:
    manager = await client.staff(world.email("manager"))
    await stock_up(platform, world, 0)
    await stock_up(platform, world, 15, store="S2")
    assert await _proposed(manager, world) is None
    await stock_up(platform, world, 16, store="S2")
    assert await _proposed(manager, world) == ("S2店", 6)  # it keeps twice its threshold
    await decide(platform, world, "S2", low_stock=6)
    assert await _proposed(manager, world) is None


async def test_nobody_is_told_of_stock_that_they_may_not_read(platform: Platform, client: Client, world: World) -> None:
    clerk = await client.staff(world.email("clerk.s1"))
    await stock_up(platform, world, 0)
    await warehouse(platform, world, "north", MILK_1L=20)
    assert await _proposed(clerk, world) is None


async def test_so_little_that_it_is_low_at_nothing_is_filled_up_with_nothing(
    platform: Platform, client: Client, world: World
) -> None:
    manager = await client.staff(world.email("manager"))
    await decide(platform, world, low_stock=0)
    await stock_up(platform, world, 0)
    assert list(await _low(manager, world)) == [MILK]
    assert await _proposed(manager, world) is None
