"""What a rule decides follows it at once: money, times, stores, and in what is kept for guests."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from core import clock
from hexmart.app import Application
from hexmart.testing import Client, World
from tests.schema.ruling import FEE, FIELDS, ruled, set_rule, values
from tests.schema.shop import (
    ADDRESS,
    CART,
    PEOPLES_SQUARE,
    PHONE,
    Payload,
    buy,
    done,
    fill,
    place,
    read_cart,
    refusal,
)

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]
WHEN, FROM = "pricing.free_delivery_when", "pricing.free_delivery_from"
NEAR = """query($input: StoresNearInput!) { storesNear(input: $input) {
  store { code } deliveryFee { amount } readyInMinutes } }"""


async def delivered(client: Client, world: World, store: str = "S1", **wanted: int) -> Payload:
    """A cart that is to be brought from a store."""
    cart = await fill(client, world, wanted or {"MILK-1L": 2}, store)
    asked = {"cartId": cart["id"], "fulfilment": "DELIVERY", "address": ADDRESS, "storeId": world.stores[store]}
    return done(await client.do("cartFulfilmentSet", asked, CART), "cart")


def fee(holder: Payload) -> str:
    return str(holder["totals"]["delivery"]["amount"])


async def test_a_delivery_costs_what_its_store_asks(client: Client, owner: Client, world: World) -> None:
    await ruled(owner, FEE, 500)
    await ruled(owner, FEE, 250, storeId=world.stores["S2"])
    assert fee(await delivered(client, world, "S1")) == "5.00"
    assert fee(await delivered(client, world, "S2")) == "2.50"


async def test_a_threshold_that_changes_between_pricing_and_placing_is_the_new_one(
    client: Client, owner: Client, world: World
) -> None:
    await ruled(owner, FROM, 3_000)
    cart = await delivered(client, world)
    assert fee(cart) == "0.00"
    await ruled(owner, FROM, 4_000)
    order = await place(client, cart, contact={"name": "x", "phone": PHONE})
    assert fee(order) == "6.00"
    assert order["totals"]["payable"]["amount"] == "37.80"


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("items >= 3000", "0.00"),
        ("items > 3180", "6.00"),
        ("fulfilment == 'DELIVERY' && lines == 1", "0.00"),
        ("member", "6.00"),
        ("!member", "0.00"),
        ("weekday >= 1 && weekday <= 7 && hour >= 0 && hour < 24", "0.00"),
        ("100 / (lines - 1) > 1", "6.00"),
        ("", "6.00"),
    ],
)
async def test_delivery_is_free_for_a_basket_that_the_brand_describes(
    client: Client, owner: Client, world: World, condition: str, asked: str
) -> None:
    await ruled(owner, WHEN, condition)
    assert fee(await delivered(client, world)) == asked


async def test_a_condition_is_the_stores_own_where_it_has_one(client: Client, owner: Client, world: World) -> None:
    await ruled(owner, WHEN, "true", storeId=world.stores["S2"])
    assert fee(await delivered(client, world, "S1")) == "6.00"
    assert fee(await delivered(client, world, "S2")) == "0.00"


async def test_a_delivery_costs_more_the_farther_it_goes(client: Client, owner: Client, world: World) -> None:
    """S1 is 111 m away, S2 1,112 m: a band is charged once it is begun."""
    for key, value in (("near_meters", 500), ("band_meters", 500), ("band_fee", 150)):
        await ruled(owner, f"pricing.delivery_{key}", value)
    assert fee(await delivered(client, world, "S1")) == "6.00"
    cart = await delivered(client, world, "S2")
    assert fee(cart) == "9.00"
    assert fee(await place(client, cart, contact={"name": "x", "phone": PHONE})) == "9.00"
    asked = {"location": PEOPLES_SQUARE, "fulfilment": "DELIVERY"}
    found = (await client.run(NEAR, input=asked))["storesNear"]
    fees = {match["store"]["code"]: match["deliveryFee"]["amount"] for match in found}
    assert fees == {"S1": "6.00", "S2": "9.00", "S3": "12.00"}
    await ruled(owner, FROM, 3_000)
    assert fee(await delivered(client, world, "S2")) == "0.00"


async def test_stock_is_locked_as_long_as_the_store_says(client: Client, owner: Client, world: World) -> None:
    await ruled(owner, "orders.lock_minutes", 60, storeId=world.stores["S2"])
    lengths = {}
    for code in ("S1", "S2"):
        order = await place(client, await fill(client, world, store=code))
        lengths[code] = datetime.fromisoformat(order["reservedUntil"]) - clock.now()
    assert timedelta(minutes=14) < lengths["S1"] <= timedelta(minutes=15)
    assert timedelta(minutes=59) < lengths["S2"] <= timedelta(minutes=60)


async def test_a_store_accepts_within_its_own_time(client: Client, owner: Client, world: World) -> None:
    await ruled(owner, "orders.accept_minutes", 120, storeId=world.stores["S2"])
    for code, minutes in (("S1", 10), ("S2", 120)):
        order = await buy(client, world, store=code)
        found = await owner.run("query($id: ID!) { order(id: $id) { fulfilments { acceptBy } } }", id=order["id"])
        left = datetime.fromisoformat(found["order"]["fulfilments"][0]["acceptBy"]) - clock.now()
        assert timedelta(minutes=minutes - 1) < left <= timedelta(minutes=minutes)


async def test_stores_are_ranked_and_described_by_the_rules(client: Client, owner: Client, world: World) -> None:
    await ruled(owner, FEE, 100, storeId=world.stores["S2"])
    await ruled(owner, "stores.preparation_minutes", 45, storeId=world.stores["S2"])
    found = (await client.run(NEAR, input={"location": PEOPLES_SQUARE}))["storesNear"]
    near = {match["store"]["code"]: match for match in found}
    assert (near["S1"]["deliveryFee"]["amount"], near["S1"]["readyInMinutes"]) == ("6.00", 10)
    assert (near["S2"]["deliveryFee"]["amount"], near["S2"]["readyInMinutes"]) == ("1.00", 45)
    await ruled(owner, "stores.near_radius", 500)
    found = (await client.run(NEAR, input={"location": PEOPLES_SQUARE}))["storesNear"]
    assert [match["store"]["code"] for match in found] == ["S1"]


async def test_a_value_to_come_takes_effect_at_its_moment_without_anybody_doing_anything(
    client: Client, owner: Client, world: World, move_clock: MoveClock
) -> None:
    moment = clock.now() + timedelta(hours=2)
    rule = await ruled(owner, FEE, 900, effectiveFrom=moment.isoformat())
    assert (rule["value"], rule["upcoming"]) == (600, {"version": 1, "value": 900})
    cart = await delivered(client, world)
    assert fee(cart) == "6.00"
    await move_clock(timedelta(hours=1, minutes=59))
    assert fee((await read_cart(client, cart)) or {}) == "6.00"
    await move_clock(timedelta(minutes=1, seconds=1))
    assert fee((await read_cart(client, cart)) or {}) == "9.00"
    assert fee(await place(client, cart, contact={"name": "x", "phone": PHONE})) == "9.00"
    owner_again = await client.staff(world.email("owner"))
    assert (await values(owner_again))[FEE] == 900


async def test_a_moment_a_little_past_is_now(owner: Client) -> None:
    """The caller's clock may be behind."""
    just_now = (clock.now() - timedelta(seconds=20)).isoformat()
    assert (await ruled(owner, FEE, 700, effectiveFrom=just_now))["value"] == 700
    long_ago = (clock.now() - timedelta(minutes=2)).isoformat()
    assert refusal(await set_rule(owner, FEE, 1, effectiveFrom=long_ago)) == ("INVALID", ["input", "effectiveFrom"])


async def test_one_brand_does_not_hear_of_anothers_rules(
    application: Application, owner: Client, world: World, other_world: World
) -> None:
    await ruled(owner, FEE, 1)
    stranger = Client(application, other_world.tenant.slug)
    theirs = await stranger.staff(other_world.email("owner"))
    assert (await values(theirs))[FEE] == 600
    assert fee(await delivered(stranger, other_world)) == "6.00"
    for given in ({"storeId": world.stores["S1"]}, {"storeId": world.stores["S2"]}):
        assert refusal(await set_rule(theirs, FEE, 1, **given)) == ("NOT_FOUND", ["input", "storeId"])
    assert refusal(await theirs.do("ruleRollback", {"key": FEE, "version": 1}, FIELDS))[0] == "NOT_FOUND"


async def test_a_cart_holds_as_many_things_as_the_brand_lets_it(client: Client, owner: Client, world: World) -> None:
    await ruled(owner, "carts.most_lines", 1)
    cart = await fill(client, world)
    more = {"cartId": cart["id"], "variantId": world.variants["BREAD"], "quantity": 1}
    assert refusal(await client.do("cartLineAdd", more, CART)) == ("LIMIT_REACHED", ["input", "quantity"])
    await ruled(owner, "carts.most_lines", 2)
    assert len(done(await client.do("cartLineAdd", more, CART), "cart")["lines"]) == 2


async def test_as_many_other_stores_are_shown_as_the_brand_wants(client: Client, owner: Client, world: World) -> None:
    cart = await fill(client, world)
    asked = "query($id: ID!) { cart(id: $id) { options { store { code } } } }"
    assert len((await client.run(asked, id=cart["id"]))["cart"]["options"]) == 3
    await ruled(owner, "stores.alternatives", 1)
    assert len((await client.run(asked, id=cart["id"]))["cart"]["options"]) == 1
