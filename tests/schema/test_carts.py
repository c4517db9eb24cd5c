"""Carts: filling and changing them."""

import re
from datetime import datetime, timedelta

import pytest

from core import clock
from core.actors import system
from core.catalog.models import Shelf
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.conftest import Number
from tests.schema.shop import CART, TWO_MILKS, Payload, done, fill, items, quantities, read_cart, refusal

pytestmark = pytest.mark.anyio


async def add(client: Client, world: World, cart: Payload, sku: str, quantity: int) -> Payload:
    """The payload of putting more into a cart."""
    asked = {"cartId": cart["id"], "variantId": world.variants[sku], "quantity": quantity}
    return await client.do("cartLineAdd", asked, CART)


async def test_a_new_cart_is_priced_at_its_store(client: Client, world: World) -> None:
    cart = await fill(client, world, {"MILK-1L": 2, "APPLE": 250})
    assert cart["store"] == {"code": "S1"}
    assert (cart["version"], cart["fulfilment"], cart["problems"]) == (1, "PICKUP", [])
    lines = {line["variant"]["sku"]: line for line in cart["lines"]}
    assert (lines["MILK-1L"]["unitPrice"], lines["MILK-1L"]["total"]) == ({"amount": "15.90"}, {"amount": "31.80"})
    assert (lines["APPLE"]["unitPrice"], lines["APPLE"]["total"]) == ({"amount": "8.99"}, {"amount": "4.50"})
    assert cart["totals"] == {
        "items": {"amount": "36.30"},
        "delivery": {"amount": "0.00"},
        "payable": {"amount": "36.30"},
    }
    kept = datetime.fromisoformat(cart["expiresAt"]) - clock.now()
    assert timedelta(days=29, hours=23) < kept <= timedelta(days=30)
    assert await read_cart(client, cart) == cart


async def test_a_cart_may_begin_empty_and_without_a_store(client: Client, world: World) -> None:
    cart = done(await client.do("cartCreate", {}, CART), "cart")
    assert (cart["lines"], cart["store"], cart["totals"]["payable"]) == ([], None, {"amount": "0.00"})
    more = done(await add(client, world, cart, "BREAD", 500), "cart")
    assert quantities(more) == {"BREAD": 500}  # nobody knows yet which store must have them


async def test_the_same_variant_again_adds_to_its_line(client: Client, world: World) -> None:
    lines = items(world, {"BREAD": 1}) + items(world, {"BREAD": 2, "MILK-2L": 1})
    cart = done(await client.do("cartCreate", {"lines": lines}, CART), "cart")
    assert quantities(cart) == {"BREAD": 3, "MILK-2L": 1}
    more = done(await add(client, world, cart, "BREAD", 4), "cart")
    assert quantities(more) == {"BREAD": 7, "MILK-2L": 1}
    assert {line["id"] for line in more["lines"]} == {line["id"] for line in cart["lines"]}
    assert more["version"] == cart["version"] + 1


async def test_a_line_takes_another_quantity_and_goes_at_0(client: Client, world: World) -> None:
    cart = await fill(client, world, {"BREAD": 1, "MILK-1L": 1})
    bread = next(line for line in cart["lines"] if line["variant"]["sku"] == "BREAD")
    asked = {"cartId": cart["id"], "lineId": bread["id"]}
    changed = done(await client.do("cartLineUpdate", asked | {"quantity": 6}, CART), "cart")
    assert (quantities(changed), changed["version"]) == ({"BREAD": 6, "MILK-1L": 1}, cart["version"] + 1)
    removed = done(await client.do("cartLineUpdate", asked | {"quantity": 0}, CART), "cart")
    assert (quantities(removed), removed["version"]) == ({"MILK-1L": 1}, cart["version"] + 2)
    again = await client.do("cartLineUpdate", asked | {"quantity": 1}, CART)
    assert refusal(again) == ("NOT_FOUND", ["input", "lineId"])
    assert await read_cart(client, cart) == removed


async def test_a_line_is_cut_to_what_the_store_has(client: Client, world: World) -> None:
    asked = {"storeId": world.stores["S1"], "lines": items(world, {"BREAD": 250, "MILK-1L": 1})}
    payload = await client.do("cartCreate", asked, CART)
    cart = done(payload, "cart")
    bread = next(line for line in cart["lines"] if line["variant"]["sku"] == "BREAD")
    assert (quantities(cart), cart["problems"]) == ({"BREAD": 100, "MILK-1L": 1}, [])
    assert payload["warnings"] == [
        {"code": "QUANTITY_CUT", "message": "The store has 100 of the 250 wanted.", "targetId": bread["id"]}
    ]
    more = await add(client, world, cart, "BREAD", 1)
    assert [warning["code"] for warning in more["warnings"]] == ["QUANTITY_CUT"]
    assert quantities(done(more, "cart")) == {"BREAD": 100, "MILK-1L": 1}


async def test_what_a_store_has_none_of_is_refused_with_other_stores(
    client: Client, world: World, number_of: Number
) -> None:
    asked = {"storeId": world.stores["S3"], "lines": items(world, TWO_MILKS)}
    fields = """cart { id } userErrors { ... on StockShortage { lines {
      wanted available variant { sku } alternatives { store { code } hasAllItems } transferAvailable } } }"""
    payload = await client.do("cartCreate", asked, fields)
    assert refusal(payload) == ("OUT_OF_STOCK", ["input"])
    line = payload["userErrors"][0]["lines"][0]
    assert (line["wanted"], line["available"], line["variant"]["sku"]) == (2, 0, "MILK-1L")
    assert [match["store"]["code"] for match in line["alternatives"]] == ["S2", "S1"]
    assert line["transferAvailable"] is True
    assert await number_of("cart") == 0


async def test_stores_that_could_serve_a_cart_are_its_options(client: Client, world: World) -> None:
    cart = await fill(client, world)
    query = "query($id: ID!) { cart(id: $id) { options { store { code } hasAllItems } } }"
    options = (await client.run(query, id=cart["id"]))["cart"]["options"]
    assert [(match["store"]["code"], match["hasAllItems"]) for match in options] == [
        ("S1", True),
        ("S2", True),
        ("S3", False),
    ]


async def test_a_stores_own_price_holds_there(client: Client, world: World, platform: Platform) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        key = world.variant_keys["MILK-1L"]
        work.add(Shelf(store_id=world.store_keys["S2"], variant_id=key, price=1490, list_price=1590, placement="A3"))
    query = """query($id: ID!, $store: ID!) { variant(id: $id) {
      own: price(storeId: $store) { amount } brand: price { amount }
      before: listPrice(storeId: $store) { amount } none: listPrice { amount } placement(storeId: $store) } }"""
    found = (await client.run(query, id=world.variants["MILK-1L"], store=world.stores["S2"]))["variant"]
    assert (found["own"], found["brand"]) == ({"amount": "14.90"}, {"amount": "15.90"})
    assert (found["before"], found["none"], found["placement"]) == ({"amount": "15.90"}, None, "A3")
    assert (await fill(client, world, store="S2"))["totals"]["payable"] == {"amount": "29.80"}
    cart = await fill(client, world, store="S1")
    asked = {"cartId": cart["id"], "fulfilment": "PICKUP", "storeId": world.stores["S2"]}
    moved = done(await client.do("cartFulfilmentSet", asked, CART), "cart")
    assert (moved["store"], moved["totals"]["payable"]) == ({"code": "S2"}, {"amount": "29.80"})


async def test_a_guests_cart_is_open_to_whoever_knows_its_id(client: Client, world: World, member: Client) -> None:
    cart = await fill(client, world)
    assert await read_cart(member, cart) == cart
    assert re.fullmatch(r"[\w-]{28}", cart["id"])


async def test_a_members_cart_is_nobody_elses(client: Client, world: World, member: Client, clerk: Client) -> None:
    cart = await fill(member, world)
    stranger = await client.member("13900000002")
    for other in (client, stranger, clerk):
        assert await read_cart(other, cart) is None
        assert refusal(await add(other, world, cart, "BREAD", 1)) == ("NOT_FOUND", ["input", "cartId"])
    assert await read_cart(member, cart) == cart
