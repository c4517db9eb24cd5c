"""Bundles: what they are made of, how many there are, and what they take with them."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from core.actors import ANONYMOUS, system
from hexmart.testing import Client, World
from tenants import Platform
from tests.bundling import add_bundle, set_bundle
from tests.faults.audit import audit
from tests.faults.shop import books, stock_up
from tests.faults.test_late_payments import MoveClock, while_the_provider_is_asked
from tests.faults.test_timers import sweep
from tests.schema.conftest import Shelf
from tests.schema.shop import CART, PEOPLES_SQUARE, Payload, act, buy, done, fill, items, pay, place, read, refusal

pytestmark = pytest.mark.anyio

BOX, PAIR, BARCODE = "BOX", "PAIR", "6900000000997"
OF_BOX = {"MILK-1L": 2, "BREAD": 1}
VARIANT = "variant { sku components { quantity variant { sku } } }"
READ = """query($id: ID!, $at: ID) { node(id: $id) { ... on ProductVariant { price { amount }
  components { quantity variant { sku } } stock(storeId: $at) { available onHand reserved } } } }"""
SHORT = "userErrors { ... on StockShortage { lines { wanted available transferAvailable variant { sku } } } }"
PARTS = "query($id: ID!) { order(id: $id) { lines { parts { quantity variant { sku } } } } }"


@pytest.fixture(autouse=True)
async def bundles(platform: Platform, world: World) -> None:
    """Two that share the milk; 100 of each part in S1 and S2."""
    await add_bundle(platform, world, BOX, OF_BOX, BARCODE)
    await add_bundle(platform, world, PAIR, {"MILK-1L": 1, "MILK-2L": 1})


@pytest.fixture
async def operator(client: Client, world: World) -> Client:
    """Who keeps the whole brand's catalog."""
    return await client.staff(world.email("brand_operator"))


async def make(staff: Client, world: World, sku: str, made_of: Mapping[str, int]) -> Payload:
    """The payload of bundleSet."""
    wish = {"variantId": world.variants[sku], "components": items(world, made_of)}
    return await staff.do("bundleSet", wish, VARIANT)


async def in_turn(client: Client, world: World, wanted: Mapping[str, int]) -> Payload:
    """A cart whose lines stand in this order."""
    (first, many), *others = wanted.items()
    cart = await fill(client, world, {first: many})
    for sku, quantity in others:
        wish = {"cartId": cart["id"], "variantId": world.variants[sku], "quantity": quantity}
        cart = done(await client.do("cartLineAdd", wish, CART), "cart")
    return cart


def parts_in(holder: Payload, name: str = "components") -> dict[str, int]:
    return {one["variant"]["sku"]: one["quantity"] for one in holder[name]}


async def test_a_bundle_is_made_changed_and_ended(platform: Platform, world: World, operator: Client) -> None:
    await add_bundle(platform, world, "NEW", {})
    for made_of in ({"BREAD": 3}, {"MILK-2L": 1, "BREAD": 2}, {"MILK-2L": 1, "BREAD": 2}, {}):
        made = done(await make(operator, world, "NEW", made_of), "variant")
        assert list(parts_in(made).items()) == list(made_of.items())
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        log = "SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'bundle.set' AND subject_id = $2"
        assert await work.value(log, str(world.variant_keys["NEW"])) == 3  # what changes nothing is no change
    assert not await audit(platform, world.tenant)


@pytest.mark.parametrize(
    ("sku", "made_of", "path"),
    [
        ("NEW", {"NEW": 1}, "components.variantId"),
        ("NEW", {BOX: 1}, "components.variantId"),
        ("NEW", {"APPLE": 1}, "components.variantId"),
        ("NEW", {"BREAD": 0}, "components.quantity"),
        ("NEW", {"BREAD": 101}, "components.quantity"),
        ("BREAD", {"MILK-1L": 1}, "variantId"),
        ("PART", {"MILK-1L": 1}, "variantId"),
    ],
)
async def test_what_cannot_be_a_bundle_is_refused(
    platform: Platform, world: World, operator: Client, sku: str, made_of: Mapping[str, int], path: str
) -> None:
    for name, of in (("NEW", {}), ("PART", {}), ("LARGER", {"PART": 1})):
        await add_bundle(platform, world, name, of)
    assert refusal(await make(operator, world, sku, made_of)) == ("INVALID", ["input", *path.split(".")])
    assert not await audit(platform, world.tenant)


async def test_only_what_is_known_once_and_not_too_much_is_a_bundle(
    world: World, other_world: World, operator: Client
) -> None:
    theirs = {"variantId": other_world.variants["BREAD"], "quantity": 1}
    mine, many = items(world, {"BREAD": 1}), items(world, {"BREAD": 1}) * 21
    for components, code in (([theirs], "NOT_FOUND"), (mine * 2, "INVALID"), (many, "LIMIT_REACHED")):
        wish = {"variantId": world.variants[BOX], "components": components}
        assert refusal(await operator.do("bundleSet", wish, VARIANT))[0] == code
    wish = {"variantId": other_world.variants["BREAD"], "components": mine}
    assert refusal(await operator.do("bundleSet", wish, VARIANT)) == ("NOT_FOUND", ["input", "variantId"])


async def test_there_are_as_many_as_of_the_part_that_runs_out_first(
    platform: Platform, world: World, owner: Client, client: Client
) -> None:
    await stock_up(platform, world, 7)
    await stock_up(platform, world, 9, store="S2")
    await buy(client, world, {"MILK-1L": 2})
    for place_, number in (("S1", (2, 3, 1)), ("S2", (4, 4, 0)), ("S3", (0, 0, 0)), (None, (6, 7, 1))):
        at = world.stores[place_] if place_ else None
        found = (await owner.run(READ, id=world.variants[BOX], at=at))["node"]
        assert tuple(found["stock"].values()) == number
        assert (found["price"]["amount"], parts_in(found)) == ("20.00", OF_BOX)
    assert (await client.run(READ, id=world.variants[BOX]))["node"]["stock"]["available"] == 6
    assert (await client.run(READ, id=world.variants["BREAD"]))["node"]["components"] == []


async def test_the_public_is_told_of_as_many_as_of_anything(platform: Platform, world: World, client: Client) -> None:
    for store in ("S1", "S2"):
        for sku in OF_BOX:
            await stock_up(platform, world, 500, sku, store)
    assert (await client.run(READ, id=world.variants[BOX]))["node"]["stock"]["available"] == 99


async def test_a_store_has_it_that_has_all_of_its_parts(platform: Platform, world: World, client: Client) -> None:
    query = """query($at: ID!) { products(where: {inStockAt: $at}, first: 20) { nodes { slug } } }"""
    near = """query($i: StoresNearInput!) { storesNear(input: $i) { store { code } hasAllItems } }"""
    nearby = """query($id: ID!, $p: GeoPointInput!) { node(id: $id) { ... on ProductVariant {
      nearbyStock(location: $p) { store { code } } } } }"""
    await stock_up(platform, world, 1)
    await stock_up(platform, world, 3, store="S2")
    for store, there in (("S1", {"pair"}), ("S2", {"pair", "box"}), ("S3", set())):
        found = await client.run(query, at=world.stores[store])
        assert {one["slug"] for one in found["products"]["nodes"]} & {"pair", "box"} == there
    found = await client.run(nearby, id=world.variants[BOX], p=PEOPLES_SQUARE)
    assert [one["store"]["code"] for one in found["node"]["nearbyStock"]] == ["S2"]
    for wanted, having in (({BOX: 1}, {"S2"}), ({BOX: 1, PAIR: 1}, {"S2"}), ({BOX: 1, PAIR: 2}, set())):
        wish = {"location": PEOPLES_SQUARE, "radiusMeters": 5000, "items": items(world, wanted)}
        matches = (await client.run(near, i=wish))["storesNear"]
        assert {one["store"]["code"] for one in matches if one["hasAllItems"]} == having


async def test_a_cart_tells_of_the_lines_that_share_a_part(platform: Platform, world: World, client: Client) -> None:
    await stock_up(platform, world, 5)
    cart = await in_turn(client, world, {BOX: 2, "MILK-1L": 1, PAIR: 1})
    [problem] = cart["problems"]
    assert problem["lines"] == [{"wanted": 1, "available": 0, "variant": {"sku": PAIR}}]
    wish = {"cartId": cart["id"], "idempotencyKey": "1"}
    refused = await client.do("orderPlace", wish, f"order {{ id }} {SHORT}")
    [line] = refused["userErrors"][0]["lines"]
    assert (line["wanted"], line["available"], line["variant"]["sku"]) == (1, 0, PAIR)


async def test_what_a_store_has_fewer_of_is_cut(platform: Platform, world: World, client: Client) -> None:
    await stock_up(platform, world, 5)
    lines = items(world, {BOX: 9})
    payload = await client.do(
        "cartCreate", {"storeId": world.stores["S1"], "lines": lines}, "cart { lines { quantity } }"
    )
    assert payload["cart"]["lines"] == [{"quantity": 2}]
    await stock_up(platform, world, 1)
    payload = await client.do("cartCreate", {"storeId": world.stores["S1"], "lines": lines}, "cart { id }")
    assert refusal(payload)[0] == "OUT_OF_STOCK"


async def test_its_barcode_is_scanned_where_its_parts_are(platform: Platform, world: World, client: Client) -> None:
    fields = "cart { id problems { code } lines { quantity variant { sku } } }"
    wish = {"storeId": world.stores["S1"], "barcode": BARCODE, "quantity": 2}
    scanned = await client.do("cartScan", wish, fields)
    assert scanned["cart"]["lines"] == [{"quantity": 2, "variant": {"sku": BOX}}]
    again = await client.do("cartScan", wish | {"cartId": scanned["cart"]["id"], "quantity": 49}, fields)
    assert [one["code"] for one in again["cart"]["problems"]] == ["OUT_OF_STOCK"]
    assert refusal(await client.do("cartScan", wish | {"storeId": world.stores["S3"]}, "cart { id }"))[0] == "NOT_FOUND"
    order = await pay(client, await place(client, await fill(client, world, {BOX: 3}, fulfilment="SCAN_AND_GO")))
    assert [await reserved(platform, world, sku) for sku in OF_BOX] == [6, 3]
    assert order["status"] == "PAID"


async def reserved(platform: Platform, world: World, sku: str) -> int:
    return (await books(platform, world, sku)).reserved


@pytest.mark.parametrize("step", ["cancel", "expire", "pay late"])
async def test_an_order_goes_by_what_it_took_whatever_the_bundle_is_by_then(
    platform: Platform, world: World, client: Client, move_clock: MoveClock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    order = await place(client, await fill(client, world, {BOX: 3, PAIR: 1}))
    assert [await reserved(platform, world, sku) for sku in ("MILK-1L", "BREAD", "MILK-2L")] == [7, 3, 1]
    await set_bundle(platform, world, BOX, {"MILK-2L": 5})
    await set_bundle(platform, world, PAIR, {})

    async def expire() -> None:
        await move_clock(timedelta(hours=2))
        await sweep(platform, world)
        assert [await reserved(platform, world, sku) for sku in ("MILK-1L", "BREAD", "MILK-2L")] == [0, 0, 0]

    if step == "cancel":
        wish = {"orderId": order["id"], "reason": "x", "idempotencyKey": "1"}
        done(await client.do("orderCancel", wish, "order { id }"), "order")
    elif step == "expire":
        await expire()
    else:
        while_the_provider_is_asked(monkeypatch, expire)
        assert (await pay(client, order))["status"] == "PAID"
    left = [7, 3, 1] if step == "pay late" else [0, 0, 0]
    assert [await reserved(platform, world, sku) for sku in ("MILK-1L", "BREAD", "MILK-2L")] == left
    assert not await audit(platform, world.tenant)


async def test_refunds_put_back_what_was_sold(
    platform: Platform, world: World, client: Client, owner: Client, shelf: Shelf
) -> None:
    order = await pay(client, await place(client, await in_turn(client, world, {BOX: 3, "BREAD": 1})))
    [box, bread] = order["lines"]
    await set_bundle(platform, world, BOX, {"MILK-2L": 5})
    found = (await owner.run(PARTS, id=order["id"]))["order"]["lines"]
    assert [parts_in(line, "parts") for line in found] == [OF_BOX, {}]
    await _refund(owner, order, "1", {box["id"]: 1})
    assert [await shelf(sku) for sku in ("MILK-1L", "BREAD", "MILK-2L")] == [(100, 4), (100, 3), (100, 0)]
    for name in ("orderAccept", "orderReady"):
        done(await act(owner, name, order), "order")
    code = ((await read(client, order)) or {})["pickupCode"]
    done(await owner.do("orderVerify", {"code": code, "storeId": world.stores["S1"]}, "order { id }"), "order")
    assert [await shelf(sku) for sku in ("MILK-1L", "BREAD", "MILK-2L")] == [(96, 0), (97, 0), (100, 0)]
    await _refund(owner, order, "2", {box["id"]: 2, bread["id"]: 1})
    assert [await shelf(sku) for sku in ("MILK-1L", "BREAD", "MILK-2L")] == [(100, 0), (100, 0), (100, 0)]
    assert not await audit(platform, world.tenant)


async def _refund(staff: Client, order: Payload, key: str, quantities: Mapping[str, int]) -> None:
    lines = [{"orderLineId": line, "quantity": many} for line, many in quantities.items()]
    wish = {"orderId": order["id"], "reason": "x", "restock": True, "lines": lines, "idempotencyKey": key}
    done(await staff.do("refundCreate", wish, "refund { id }"), "refund")


async def test_a_till_sells_bundles_off_the_shelf_of_their_parts(
    platform: Platform, world: World, owner: Client, shelf: Shelf
) -> None:
    line = {"barcode": BARCODE, "quantity": 60, "unitPrice": "20.00"}
    wish = {
        "storeId": world.stores["S1"],
        "externalReference": "1",
        "soldAt": "2026-01-05T09:00:00Z",
        "paid": "1200.00",
    }
    done(await owner.do("posSaleRecord", wish | {"lines": [line]}, "order { id }"), "order")
    assert [await shelf(sku) for sku in OF_BOX] == [(0, 0), (40, 0)]
    many = [line | {"quantity": 1_000_000}] * 200
    await set_bundle(platform, world, BOX, {"BREAD": 100})
    refused = await owner.do("posSaleRecord", wish | {"externalReference": "2", "lines": many}, "order { id }")
    assert refusal(refused) == ("INVALID", ["input", "lines", "quantity"])
    assert not await audit(platform, world.tenant)


async def test_what_is_missing_of_a_bundle_is_sent_for(platform: Platform, world: World, client: Client) -> None:
    cart = await in_turn(client, world, {BOX: 3, PAIR: 1})
    await stock_up(platform, world, 4)
    wish = {"cartId": cart["id"], "idempotencyKey": "1"}
    [short] = (await client.do("orderPlace", wish, f"order {{ id }} {SHORT}"))["userErrors"]
    assert short["lines"] == [
        {"wanted": 3, "available": 2, "transferAvailable": True, "variant": {"sku": BOX}},
        {"wanted": 1, "available": 0, "transferAvailable": True, "variant": {"sku": PAIR}},
    ]
    order = await place(client, cart, "2", acceptTransfer=True)
    assert (await reserved(platform, world, "MILK-1L"), (await books(platform, world, store="S2")).reserved) == (4, 3)
    async with platform.open_work(world.tenant, ANONYMOUS, read_only=True) as work:
        assert await work.value("SELECT held FROM sales_order WHERE tenant_id = $1 AND number = $2", order["number"])
    assert not await audit(platform, world.tenant)
    await pay(client, order)
    assert not await audit(platform, world.tenant)
