"""A share of the shelf and a safety stock are kept from online orders: everybody says the same, and tills sell all."""

from typing import Any
from uuid import UUID

import pytest

from core import inventory, rulebook
from core.actors import system
from core.inventory import StockRow, reserving
from core.rulebook import Wanted
from core.rules import Place
from core.work import Work
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import MILK, cart_id_of, fill_carts, stock_up
from tests.schema.shop import PEOPLES_SQUARE

pytestmark = pytest.mark.anyio

SHOWN = """query($store: ID!) { variant(sku: "MILK-1L") { all: stock { available }
  here: stock(storeId: $store) { available } } }"""
NEAR = """query($input: StoresNearInput!) { storesNear(input: $input) { store { code } hasAllItems } }"""
CART = "cart { lines { quantity } }"


async def _decide(platform: Platform, world: World, store: UUID | None = None, **values: object) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        for name, value in values.items():
            await rulebook.decide(work, Wanted(key=f"inventory.{name}", value=value, place=Place(store_id=store)))
    await platform.tell_changed(world.tenant.slug)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)


@pytest.fixture
async def half(platform: Platform, world: World) -> World:
    """Of 11 litres at the first store online orders may take half, less two."""
    await stock_up(platform, world, 11)
    await _decide(platform, world, world.store_keys["S1"], sellable_percent=50, safety_stock=2)
    return world


async def _place(client: Client, cart: UUID) -> dict[str, Any]:
    fields = "order { id } userErrors { code ... on StockShortage { lines { wanted available } } }"
    return await client.do("orderPlace", {"cartId": cart_id_of(cart), "idempotencyKey": "k"}, fields)


async def test_what_is_shown_put_in_a_cart_and_ordered_is_the_same(
    platform: Platform, client: Client, half: World
) -> None:
    shown = (await client.run(SHOWN, store=half.stores["S1"]))["variant"]
    assert shown["here"]["available"] == 11 // 2 - 2
    line = {"variantId": half.variants[MILK], "quantity": 9}
    made = await client.do("cartCreate", {"storeId": half.stores["S1"], "lines": [line]}, CART)
    assert made["cart"]["lines"] == [{"quantity": 3}]
    first, second = await fill_carts(platform, half, 2, {MILK: 2})
    assert (await _place(client, first))["order"]
    [refusal] = (await _place(client, second))["userErrors"]
    assert (refusal["code"], refusal["lines"]) == ("OUT_OF_STOCK", [{"wanted": 2, "available": 1}])
    assert not await audit(platform, half.tenant)


async def test_a_store_that_may_not_sell_enough_online_is_not_said_to_have_it(client: Client, half: World) -> None:
    async def having(quantity: int) -> dict[str, bool]:
        items = [{"variantId": half.variants[MILK], "quantity": quantity}]
        found = await client.run(NEAR, input={"location": PEOPLES_SQUARE, "items": items})
        return {match["store"]["code"]: match["hasAllItems"] for match in found["storesNear"]}

    assert (await having(3))["S1"] is True
    assert await having(4) == {**(await having(3)), "S1": False}


async def test_all_places_together_have_what_each_of_them_has(platform: Platform, half: World) -> None:
    await _decide(platform, half, sellable_percent=33, safety_stock=1)
    keys = [half.variant_keys[sku] for sku in (MILK, "APPLE")]
    async with platform.open_work(half.tenant, system("test"), read_only=True) as work:
        places = [await inventory.at_location(work, place, keys) for place in half.store_keys.values()]
        together = await inventory.everywhere(work, keys)
    for number, found in enumerate(together):
        of_each = [stocks[number] for stocks in places]
        assert found == StockRow(
            sum(one.on_hand for one in of_each),
            sum(one.reserved for one in of_each),
            None,
            sum(one.sellable for one in of_each),
        )


async def test_a_till_sells_what_lies_before_it(platform: Platform, client: Client, half: World) -> None:
    clerk = await client.staff(half.email("clerk.s1"))
    sale = {
        "storeId": half.stores["S1"],
        "externalReference": "T1-1",
        "soldAt": "2026-01-05T09:00:00Z",
        "lines": [{"barcode": "6900000000010", "quantity": 11, "unitPrice": "15.90"}],
        "paid": "174.90",
    }
    assert (await clerk.do("posSaleRecord", sale, "order { status }"))["order"] == {"status": "COMPLETED"}
    assert not await audit(platform, half.tenant)


async def test_more_promised_than_a_new_rule_allows_is_nothing_free_and_no_less(
    platform: Platform, client: Client, world: World
) -> None:
    [cart] = await fill_carts(platform, world, 1, {MILK: 8})
    await stock_up(platform, world, 10)
    await _place(client, cart)
    await _decide(platform, world, sellable_percent=50)
    shown = (await client.run(SHOWN, store=world.stores["S1"]))["variant"]
    assert shown["here"]["available"] == 0
    assert not await audit(platform, world.tenant)


async def test_a_checkout_that_did_not_ask_would_sell_the_tills_share(
    platform: Platform, client: Client, half: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [cart] = await fill_carts(platform, half, 1, {MILK: 3})
    await _decide(platform, half, half.store_keys["S1"], safety_stock=4)
    assert [one["code"] for one in (await _place(client, cart))["userErrors"]] == ["OUT_OF_STOCK"]

    def all_of_it(_: Work, place: UUID, on_hand: int, reserved: int) -> StockRow:
        return StockRow(on_hand, reserved, place, on_hand - reserved)

    monkeypatch.setattr(reserving, "stock_at", all_of_it)
    assert (await _place(client, cart))["order"]
