"""Warehouses: opened, changed and closed by whoever may for the whole brand."""

import pytest

from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.hiring import hired, store
from tests.schema.shop import PEOPLES_SQUARE, Payload, done, refusal

pytestmark = pytest.mark.anyio
WAREHOUSE = "warehouse { id name kind active location { latitude longitude } }"
ALL = f"{{ warehouses {WAREHOUSE.removeprefix('warehouse ')} }}"


async def opened(owner: Client, name: str = "East", **more: object) -> Payload:
    return done(await owner.do("warehouseCreate", {"name": name} | more, WAREHOUSE), "warehouse")


async def test_a_warehouse_is_opened_where_somebody_says(owner: Client) -> None:
    made = await opened(owner, location=PEOPLES_SQUARE)
    assert (made["name"], made["kind"], made["active"]) == ("East", "WAREHOUSE", True)
    assert made["location"] == PEOPLES_SQUARE
    assert (await opened(owner, "West"))["location"] is None
    assert [one["name"] for one in (await owner.run(ALL))["warehouses"]] == ["East", "West"]


async def test_what_is_left_out_of_a_change_stays(owner: Client) -> None:
    made = await opened(owner, location=PEOPLES_SQUARE)
    closed = await owner.do("warehouseUpdate", {"warehouseId": made["id"], "active": False}, WAREHOUSE)
    assert done(closed, "warehouse") == made | {"active": False}
    renamed = await owner.do("warehouseUpdate", {"warehouseId": made["id"], "name": "North"}, WAREHOUSE)
    assert done(renamed, "warehouse") == made | {"active": False, "name": "North"}
    assert (await owner.run(ALL))["warehouses"] == [made | {"active": False, "name": "North"}]


async def test_two_warehouses_do_not_share_a_name(owner: Client) -> None:
    east, west = await opened(owner), await opened(owner, "West")
    taken = await owner.do("warehouseCreate", {"name": " East "}, WAREHOUSE)
    assert refusal(taken) == ("INVALID", ["input", "name"])
    taken = await owner.do("warehouseUpdate", {"warehouseId": west["id"], "name": "East"}, WAREHOUSE)
    assert refusal(taken) == ("INVALID", ["input", "name"])
    same = await owner.do("warehouseUpdate", {"warehouseId": east["id"], "name": "East"}, WAREHOUSE)
    assert done(same, "warehouse") == east
    assert [one["name"] for one in (await owner.run(ALL))["warehouses"]] == ["East", "West"]


async def test_a_store_is_no_warehouse_to_be_changed(owner: Client, world: World) -> None:
    for wrong in (world.stores["S1"], "x"):
        payload = await owner.do("warehouseUpdate", {"warehouseId": wrong, "name": "Mine"}, WAREHOUSE)
        assert refusal(payload) == ("NOT_FOUND", ["input", "warehouseId"])


async def test_warehouses_are_the_whole_brands_affair(
    client: Client, owner: Client, world: World, platform: Platform
) -> None:
    made = await opened(owner)
    here = await hired(client, platform, world, brand_operator=store(world, "S1"))
    manager = await client.staff(world.email("manager"))
    create = 'mutation { warehouseCreate(input: { name: "Mine" }) { userErrors { code } } }'
    update = (
        "mutation($id: ID!) { warehouseUpdate(input: { warehouseId: $id, active: false }) { userErrors { code } } }"
    )
    for caller in (here, manager):
        assert await caller.code(create) == "FORBIDDEN"
        assert await caller.code(update, id=made["id"]) == "FORBIDDEN"
    operator = await client.staff(world.email("brand_operator"))
    assert done(
        await operator.do("warehouseUpdate", {"warehouseId": made["id"], "active": False}, WAREHOUSE), "warehouse"
    )
