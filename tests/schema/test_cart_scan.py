"""Scan-and-go: from barcodes to a cart."""

import asyncio

import pytest

from core.actors import system
from core.errors import Busy
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.shop import stock_up
from tests.schema.conftest import Number
from tests.schema.ruling import ruled
from tests.schema.scanning import APPLE, BREAD, MILK, label, scan
from tests.schema.shop import TWO_MILKS, done, fill, pay, place, quantities, read_cart, refusal

pytestmark = pytest.mark.anyio

NOT_TO_BE_HAD = ("NOT_FOUND", ["input", "barcode"])
UNPUBLISH = "UPDATE product SET published = false WHERE tenant_id = $1 AND slug = 'bread'"
RENAME = "UPDATE variant SET barcode = $3 WHERE tenant_id = $1 AND id = $2"
NO_SCANNING = "UPDATE store SET fulfilments = '{PICKUP}' WHERE tenant_id = $1 AND code = 'S2'"
DEARER_HERE = """
INSERT INTO shelf (tenant_id, store_id, variant_id, price) SELECT $1, $2, v, 1999 FROM unnest($3::uuid[]) v
"""


async def _file(platform: Platform, world: World, sku: str, barcode: str) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(RENAME, world.variant_keys[sku], barcode)


async def test_the_first_scan_begins_a_cart_and_others_add_to_it(client: Client, world: World) -> None:
    cart = done(await scan(client, world, MILK), "cart")
    assert (cart["fulfilment"], cart["store"], quantities(cart)) == ("SCAN_AND_GO", {"code": "S1"}, {"MILK-1L": 1})
    await scan(client, world, BREAD, cart, quantity=3)
    payload = await scan(client, world, MILK, cart)
    more = done(payload, "cart")
    assert quantities(more) == {"MILK-1L": 2, "BREAD": 3}
    assert more["version"] == cart["version"] + 2
    assert (more["totals"]["payable"], more["problems"], payload["warnings"]) == ({"amount": "69.30"}, [], [])
    assert await read_cart(client, cart) == more


async def test_the_price_is_that_of_the_shop(client: Client, world: World, platform: Platform) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(DEARER_HERE, world.store_keys["S1"], [world.variant_keys["MILK-1L"]])
    cart = done(await scan(client, world, MILK, quantity=2), "cart")
    assert (cart["lines"][0]["unitPrice"], cart["lines"][0]["total"]) == ({"amount": "19.99"}, {"amount": "39.98"})


async def test_a_label_of_a_scale_says_how_much_is_in_the_bag(client: Client, world: World) -> None:
    cart = done(await scan(client, world, label(742)), "cart")
    assert (quantities(cart), cart["lines"][0]["total"]) == ({"APPLE": 742}, {"amount": "13.34"})
    more = done(await scan(client, world, label(100), cart, quantity=2), "cart")
    assert quantities(more) == {"APPLE": 942}


async def test_a_label_with_a_price_is_so_many_grams_as_cost_that(
    client: Client, world: World, platform: Platform
) -> None:
    await _file(platform, world, "APPLE", "2500034000000")
    cart = done(await scan(client, world, label(1334, "25")), "cart")
    assert (quantities(cart), cart["lines"][0]["total"]) == ({"APPLE": 742}, {"amount": "13.34"})


async def test_what_begins_like_a_label_is_the_brands_to_say(client: Client, world: World, owner: Client) -> None:
    await ruled(owner, "catalog.weight_prefixes", "23", storeId=world.stores["S1"])
    assert refusal(await scan(client, world, label(742))) == NOT_TO_BE_HAD
    assert done(await scan(client, world, label(742), storeId=world.stores["S2"]), "cart")


async def test_a_short_code_is_a_barcode_too(client: Client, world: World, platform: Platform) -> None:
    await _file(platform, world, "BREAD", "a7-Qx")
    assert quantities(done(await scan(client, world, "a7-Qx"), "cart")) == {"BREAD": 1}
    assert refusal(await scan(client, world, "A7-QX")) == NOT_TO_BE_HAD


@pytest.mark.parametrize("barcode", ["", "1", "x" * 2_000, label(5)[:-1] + "0", label(742, "28"), "2100099007424"])
@pytest.mark.usefixtures("unchanged")
async def test_a_barcode_that_nobody_knows_is_not_found(client: Client, world: World, barcode: str) -> None:
    assert refusal(await scan(client, world, barcode)) == NOT_TO_BE_HAD


async def test_what_a_shop_does_not_have_or_nobody_is_to_see_is_not_found(
    client: Client, world: World, platform: Platform, number_of: Number
) -> None:
    assert refusal(await scan(client, world, MILK, storeId=world.stores["S3"])) == NOT_TO_BE_HAD
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(UNPUBLISH)
    assert refusal(await scan(client, world, BREAD)) == NOT_TO_BE_HAD
    assert await number_of("cart") == 0


@pytest.mark.usefixtures("unchanged")
async def test_a_label_that_says_nothing_is_refused(client: Client, world: World) -> None:
    assert refusal(await scan(client, world, APPLE)) == ("INVALID", ["input", "barcode"])


@pytest.mark.parametrize(("barcode", "quantity"), [(MILK, 0), (MILK, -1), (MILK, 100_001), (label(60_000), 2)])
@pytest.mark.usefixtures("unchanged")
async def test_a_quantity_has_bounds(client: Client, world: World, barcode: str, quantity: int) -> None:
    assert refusal(await scan(client, world, barcode, quantity=quantity)) == ("INVALID", ["input", "quantity"])


async def test_a_cart_has_bounds(client: Client, world: World, owner: Client) -> None:
    cart = done(await scan(client, world, MILK, quantity=100_000), "cart")
    assert refusal(await scan(client, world, MILK, cart)) == ("INVALID", ["input", "quantity"])
    await ruled(owner, "carts.most_lines", 1)
    assert refusal(await scan(client, world, BREAD, cart)) == ("LIMIT_REACHED", ["input", "barcode"])
    assert await read_cart(client, cart) == cart


async def test_a_cart_stays_in_its_shop(client: Client, world: World) -> None:
    cart = done(await scan(client, world, MILK), "cart")
    elsewhere = await scan(client, world, MILK, cart, storeId=world.stores["S2"])
    assert refusal(elsewhere) == ("OTHER_STORE", ["input", "storeId"])
    nowhere = await fill(client, world, {"MILK-1L": 1}, store=None)
    assert refusal(await scan(client, world, MILK, nowhere)) == ("OTHER_STORE", ["input", "storeId"])
    assert await read_cart(client, cart) == cart


async def test_a_shop_that_does_not_offer_it_begins_no_cart(client: Client, world: World, platform: Platform) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(NO_SCANNING)
    assert refusal(await scan(client, world, MILK, storeId=world.stores["S2"])) == ("INVALID", ["input", "storeId"])
    assert refusal(await scan(client, world, MILK, storeId="x")) == ("NOT_FOUND", ["input", "storeId"])
    unknown = world.stores["S1"][:-4] + world.variants["BREAD"][-4:]
    assert refusal(await scan(client, world, MILK, storeId=unknown)) == ("NOT_FOUND", ["input", "storeId"])


async def test_another_members_cart_is_not_found(client: Client, world: World, member: Client) -> None:
    cart = done(await scan(member, world, MILK), "cart")
    for other in (client, await client.member("13900000002")):
        assert refusal(await scan(other, world, MILK, cart)) == ("NOT_FOUND", ["input", "cartId"])
    assert quantities(done(await scan(member, world, MILK, cart), "cart")) == TWO_MILKS


async def test_a_cart_that_was_ordered_takes_nothing_more(client: Client, world: World) -> None:
    cart = done(await scan(client, world, MILK), "cart")
    await place(client, cart)
    assert refusal(await scan(client, world, MILK, cart)) == ("CART_ORDERED", ["input", "cartId"])


async def test_what_is_in_the_hand_is_taken_whatever_the_books_say_and_is_not_sold_twice(
    client: Client, world: World, platform: Platform
) -> None:
    await stock_up(platform, world, 1)
    await place(client, await fill(client, world, {"MILK-1L": 1}))
    payload = await scan(client, world, MILK)
    cart = done(payload, "cart")
    assert payload["warnings"] == [
        {
            "code": "STOCK_SHORT",
            "message": "By the books the store can sell 0 of the 1 in the cart.",
            "targetId": cart["lines"][0]["id"],
        }
    ]
    assert [problem["code"] for problem in cart["problems"]] == ["OUT_OF_STOCK"]
    ordered = await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": "k"}, "order { id }")
    assert refusal(ordered) == ("OUT_OF_STOCK", [])


async def test_what_is_kept_from_online_orders_is_there_for_whoever_stands_before_it(
    client: Client, world: World, owner: Client
) -> None:
    await ruled(owner, "inventory.sellable_percent", 0)
    payload = await scan(client, world, MILK, quantity=100)
    cart = done(payload, "cart")
    assert (payload["warnings"], cart["problems"]) == ([], [])
    assert (await pay(client, await place(client, cart)))["status"] == "PAID"
    collected = await client.do(
        "cartCreate", {"storeId": world.stores["S1"], "lines": [{"variantId": world.variants["BREAD"], "quantity": 1}]}
    )
    assert refusal(collected)[0] == "OUT_OF_STOCK"


async def test_scans_at_the_same_moment_are_done_together_and_none_is_lost(client: Client, world: World) -> None:
    cart = done(await scan(client, world, MILK), "cart")
    payloads = await asyncio.gather(*(scan(client, world, code, cart) for code in [MILK, BREAD, label(50), "1"] * 10))
    assert [bool(payload["userErrors"]) for payload in payloads] == [False, False, False, True] * 10
    assert quantities((await read_cart(client, cart)) or {}) == {"MILK-1L": 11, "BREAD": 10, "APPLE": 500}


async def test_a_brand_that_is_too_busy_says_so_and_when_to_come_again(
    client: Client, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch, number_of: Number
) -> None:
    async def busy(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(platform.scans._batches, "submit", busy)
    payload = await scan(client, world, MILK)
    assert [(said["code"], said["retryAfter"]) for said in payload["userErrors"]] == [("BUSY", Busy.retry_after)]
    assert await number_of("cart") == 0
