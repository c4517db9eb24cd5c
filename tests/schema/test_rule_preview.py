"""What setting a rule would do is told without doing it."""

from typing import Any

import pytest

from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.hiring import hire, signed_in, store
from tests.schema.ruling import FEE, region_of, ruled, values
from tests.schema.shop import ADDRESS, CART, Payload, done, fill

pytestmark = pytest.mark.anyio
PREVIEW = """query($input: RulePreviewInput!) { rulePreview(input: $input) {
  effects { before after stores } cartBefore { delivery { amount } payable { amount } }
  cartAfter { delivery { amount } payable { amount } } } }"""


async def preview(staff: Client, value: Any, key: str = FEE, **more: Any) -> Payload:
    found: Payload = (await staff.run(PREVIEW, input={"key": key, "value": value} | more))["rulePreview"]
    return found


def effect(before: Any, after: Any, shops: int) -> Payload:
    return {"before": before, "after": after, "stores": shops}


async def test_stores_are_counted_by_what_becomes_of_them(owner: Client, world: World, platform: Platform) -> None:
    north = await region_of(platform, world, "S1", "S2")
    await ruled(owner, FEE, 300, storeId=world.stores["S1"])
    assert (await preview(owner, 500))["effects"] == [effect(600, 500, 2)]
    assert (await preview(owner, 500, regionId=north))["effects"] == [effect(600, 500, 1)]
    assert (await preview(owner, None, storeId=world.stores["S1"]))["effects"] == [effect(300, 600, 1)]
    assert (await preview(owner, 300, storeId=world.stores["S1"]))["effects"] == []
    assert {code: (await values(owner, key))[FEE] for code, key in world.stores.items()} == {
        "S1": 300,
        "S2": 600,
        "S3": 600,
    }


async def test_a_sample_cart_shows_what_it_would_come_to(client: Client, owner: Client, world: World) -> None:
    cart = await fill(client, world)
    asked = {"cartId": cart["id"], "fulfilment": "DELIVERY", "address": ADDRESS, "storeId": world.stores["S1"]}
    done(await client.do("cartFulfilmentSet", asked, CART), "cart")
    found = await preview(owner, "items > 3000", key="pricing.free_delivery_when", cartId=cart["id"])
    assert found["cartBefore"] == {"delivery": {"amount": "6.00"}, "payable": {"amount": "37.80"}}
    assert found["cartAfter"] == {"delivery": {"amount": "0.00"}, "payable": {"amount": "31.80"}}
    elsewhere = await preview(owner, 100, storeId=world.stores["S2"], cartId=cart["id"])
    assert elsewhere["cartAfter"] == elsewhere["cartBefore"]


async def test_a_members_cart_is_no_sample_for_others(member: Client, owner: Client, world: World) -> None:
    cart = await fill(member, world)
    given = {"key": FEE, "value": 1, "cartId": cart["id"]}
    assert await owner.code(PREVIEW, input=given) == "BAD_REQUEST"


@pytest.mark.parametrize(
    "given",
    [
        {"key": "no.such", "value": 1},
        {"key": FEE, "value": "1"},
        {"key": FEE, "value": -1},
        {"key": FEE},
        {"key": FEE, "value": 1, "storeId": "x"},
        {"key": FEE, "value": 1, "regionId": "x"},
        {"key": FEE, "value": 1, "storeId": "x", "regionId": "x"},
        {"key": FEE, "value": 1, "cartId": "x"},
        {"key": "pricing.free_delivery_when", "value": "itms > 1"},
    ],
)
async def test_what_could_not_be_set_cannot_be_tried_either(owner: Client, given: Payload) -> None:
    assert await owner.code(PREVIEW, input=given) == "BAD_REQUEST"


async def test_a_manager_of_one_store_tries_things_for_that_one(
    client: Client, world: World, platform: Platform
) -> None:
    manager = await signed_in(client, platform, world, await hire(platform, world, store_manager=store(world, "S1")))
    assert (await preview(manager, 500))["effects"] == [effect(600, 500, 1)]
    given = {"key": FEE, "value": 1, "storeId": world.stores["S2"]}
    assert await manager.code(PREVIEW, input=given) == "BAD_REQUEST"
