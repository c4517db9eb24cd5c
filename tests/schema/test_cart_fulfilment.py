"""How, where and when a cart is to reach its shopper."""

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from hexmart.testing import Client, World
from tests.schema.shop import ADDRESS, CART, FAR_AWAY, PHONE, Payload, done, fill, items, quantities, read_cart, refusal

pytestmark = pytest.mark.anyio

NORTH = {"latitude": 31.2304 + 0.030, "longitude": 121.4737}  # 3.2 km from S1, which does not deliver there
PLACE = ["input", "address", "location"]
FIELDS = f"""{CART} userErrors {{ ... on DeliveryAreaMissed {{
  alternatives {{ store {{ code }} delivers hasAllItems }} }} }}"""
REACH = """query($id: ID!) { cart(id: $id) {
  address { recipient phone line city location { latitude } } contact { name phone } slot { start end } } }"""


async def choose(client: Client, cart: Payload, fulfilment: str = "DELIVERY", **more: Any) -> Payload:
    """The payload of choosing how a cart is to be had."""
    return await client.do("cartFulfilmentSet", {"cartId": cart["id"], "fulfilment": fulfilment} | more, FIELDS)


def to(location: dict[str, float] | None) -> dict[str, Any]:
    return ADDRESS | {"location": location}


async def test_a_delivery_comes_from_the_best_store_when_none_is_named(client: Client, world: World) -> None:
    cart = await fill(client, world, store=None)
    chosen = done(await choose(client, cart, address=ADDRESS), "cart")
    assert (chosen["store"], chosen["fulfilment"]) == ({"code": "S1"}, "DELIVERY")
    assert (chosen["totals"]["delivery"], chosen["totals"]["payable"]) == ({"amount": "6.00"}, {"amount": "37.80"})
    assert chosen["version"] == cart["version"] + 1


async def test_the_best_store_has_everything_and_delivers_there(client: Client, world: World, manager: Client) -> None:
    spoilt = {"locationId": world.stores["S1"], "variantId": world.variants["BREAD"], "reason": "spoilt"}
    await manager.do("stockAdjust", spoilt | {"countedTo": 0, "idempotencyKey": "1"})
    cart = await fill(client, world, {"BREAD": 1}, store=None)
    assert done(await choose(client, cart, address=ADDRESS), "cart")["store"] == {"code": "S2"}
    assert done(await choose(client, cart, address=to(NORTH)), "cart")["store"] == {"code": "S2"}


async def test_from_39_yuan_on_a_delivery_is_free(client: Client, world: World) -> None:
    cart = done(await choose(client, await fill(client, world, {"MILK-1L": 3}), address=ADDRESS), "cart")
    assert (cart["totals"]["delivery"], cart["totals"]["payable"]) == ({"amount": "0.00"}, {"amount": "47.70"})
    collected = done(await choose(client, cart, "PICKUP"), "cart")
    assert (collected["store"], collected["totals"]["payable"]) == ({"code": "S1"}, {"amount": "47.70"})


async def test_a_store_does_not_deliver_outside_its_area_but_others_may(client: Client, world: World) -> None:
    cart = await fill(client, world)
    payload = await choose(client, cart, storeId=world.stores["S1"], address=to(NORTH))
    assert refusal(payload) == ("OUT_OF_DELIVERY_AREA", ["input", "address"])
    assert payload["userErrors"][0]["alternatives"] == [
        {"store": {"code": "S2"}, "delivers": True, "hasAllItems": True},
        {"store": {"code": "S3"}, "delivers": True, "hasAllItems": False},
    ]
    assert await read_cart(client, cart) == cart


async def test_where_nobody_delivers_the_cart_stays_as_it_was(client: Client, world: World) -> None:
    cart = await fill(client, world)
    payload = await choose(client, cart, address=to(FAR_AWAY))
    assert refusal(payload) == ("OUT_OF_DELIVERY_AREA", ["input", "address"])
    assert payload["userErrors"][0]["alternatives"] == []
    assert await read_cart(client, cart) == cart


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({}, "INVALID", ["input", "address"]),
        ({"address": to(None)}, "INVALID", PLACE),
        ({"address": ADDRESS | {"phone": "12"}}, "INVALID", ["input", "address", "phone"]),
        ({"address": ADDRESS | {"recipient": "  "}}, "INVALID", ["input", "address", "recipient"]),
        ({"address": ADDRESS | {"line": "路" * 201}}, "INVALID", ["input", "address", "line"]),
        ({"address": ADDRESS, "contact": {"phone": "abc"}}, "INVALID", ["input", "contact", "phone"]),
        ({"address": ADDRESS, "contact": {"phone": PHONE, "name": ""}}, "INVALID", ["input", "contact", "name"]),
        ({"address": ADDRESS, "slotStart": "2020-01-01T00:00:00Z"}, "INVALID", ["input", "slotStart"]),
        (
            {"address": to({"latitude": 90.1, "longitude": 0.0})},
            "INVALID",
            ["input", "address", "location", "latitude"],
        ),
        ({"address": ADDRESS, "storeId": "garbage"}, "NOT_FOUND", ["input", "storeId"]),
    ],
)
async def test_an_address_must_be_whole(
    client: Client, world: World, more: Payload, code: str, path: list[str]
) -> None:
    cart = await fill(client, world)
    assert refusal(await choose(client, cart, **more)) == (code, path)
    assert await read_cart(client, cart) == cart


async def test_address_contact_and_slot_are_kept_with_the_cart(client: Client, world: World) -> None:
    cart = await fill(client, world)
    start = (clock.now() + timedelta(hours=2)).replace(microsecond=0)
    more: Payload = {"address": ADDRESS, "slotStart": start.isoformat(), "contact": {"phone": PHONE, "name": "小王"}}
    done(await choose(client, cart, **more), "cart")
    kept = (await client.run(REACH, id=cart["id"]))["cart"]
    assert kept["address"] == ADDRESS | {"phone": "+8613800000001", "location": {"latitude": 31.2304}}
    assert kept["contact"] == {"name": "小王", "phone": "+8613800000001"}
    assert kept["slot"] == {"start": start.isoformat(), "end": (start + timedelta(minutes=30)).isoformat()}
    done(await choose(client, cart, "PICKUP"), "cart")
    kept = (await client.run(REACH, id=cart["id"]))["cart"]
    assert (kept["address"], kept["slot"], kept["contact"]["name"]) == (None, None, "小王")


@pytest.mark.usefixtures("at_night")
async def test_another_store_keeps_what_it_lacks_among_the_problems(client: Client, world: World) -> None:
    cart = await fill(client, world, {"BREAD": 3, "MILK-1L": 1})
    moved = done(await choose(client, cart, "PICKUP", storeId=world.stores["S3"]), "cart")
    assert quantities(moved) == {"BREAD": 3, "MILK-1L": 1}
    assert [problem["code"] for problem in moved["problems"]] == ["OUT_OF_STOCK", "STORE_CLOSED"]
    short = {line["variant"]["sku"]: (line["wanted"], line["available"]) for line in moved["problems"][0]["lines"]}
    assert short == {"BREAD": (3, 0), "MILK-1L": (1, 0)}
    back = done(await choose(client, cart, "PICKUP", storeId=world.stores["S2"]), "cart")
    assert (back["problems"], back["store"], back["version"]) == ([], {"code": "S2"}, cart["version"] + 2)


async def test_a_cart_without_a_store_must_be_given_one(client: Client, world: World) -> None:
    cart = await fill(client, world, store=None)
    assert refusal(await choose(client, cart, "PICKUP")) == ("INVALID", ["input", "storeId"])
    assert await read_cart(client, cart) == cart


async def test_an_untouched_cart_is_gone_after_30_days(client: Client, world: World, move_clock: Any) -> None:
    cart = await fill(client, world)
    await move_clock(timedelta(days=29))
    done(await client.do("cartLineAdd", {"cartId": cart["id"], **items(world, {"BREAD": 1})[0]}, CART), "cart")
    await move_clock(timedelta(days=29))
    assert quantities(await read_cart(client, cart) or {}) == {"MILK-1L": 2, "BREAD": 1}
    await move_clock(timedelta(days=2))
    assert await read_cart(client, cart) is None
