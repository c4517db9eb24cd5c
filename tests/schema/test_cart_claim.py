"""A guest signs in and keeps the cart."""

import pytest

from hexmart.testing import Client, World
from tests.schema.conftest import Number
from tests.schema.shop import CART, Payload, done, fill, pay, place, quantities, read_cart, refusal

pytestmark = pytest.mark.anyio
MINE = f"{{ viewer {{ ... on Member {{ {CART} }} }} }}"


async def claim(client: Client, cart: Payload) -> Payload:
    """The payload of claiming a cart."""
    return await client.do("cartClaim", {"cartId": cart["id"]}, CART)


async def test_a_guests_cart_becomes_the_members_own(client: Client, world: World, member: Client) -> None:
    cart = await fill(client, world)
    claimed = done(await claim(member, cart), "cart")
    assert (claimed["id"], quantities(claimed)) == (cart["id"], {"MILK-1L": 2})
    assert claimed["version"] == cart["version"] + 1
    assert (await member.run(MINE))["viewer"]["cart"] == claimed
    assert await read_cart(client, cart) is None


async def test_what_the_members_cart_held_is_added(
    client: Client, world: World, member: Client, number_of: Number
) -> None:
    before = await fill(member, world, {"MILK-1L": 1, "BREAD": 3}, store="S2")
    cart = await fill(client, world, {"MILK-1L": 2, "APPLE": 500})
    payload = await claim(member, cart)
    claimed = done(payload, "cart")
    assert quantities(claimed) == {"MILK-1L": 3, "BREAD": 3, "APPLE": 500}
    assert (claimed["id"], claimed["store"], payload["warnings"]) == (cart["id"], {"code": "S1"}, [])
    assert await read_cart(member, before) is None
    assert await number_of("cart") == 1


async def test_merged_lines_are_cut_to_what_the_store_has(client: Client, world: World, member: Client) -> None:
    await fill(member, world, {"BREAD": 80}, store="S2")
    payload = await claim(member, await fill(client, world, {"BREAD": 60}))
    assert quantities(done(payload, "cart")) == {"BREAD": 100}
    assert [warning["code"] for warning in payload["warnings"]] == ["QUANTITY_CUT"]


async def test_what_the_store_has_none_of_stays_in_the_cart_as_a_problem(
    client: Client, world: World, member: Client, manager: Client
) -> None:
    await fill(member, world, {"BREAD": 3}, store="S2")
    sold_out = {"locationId": world.stores["S1"], "variantId": world.variants["BREAD"], "countedTo": 0}
    await manager.do("stockAdjust", sold_out | {"reason": "sold out", "idempotencyKey": "1"})
    claimed = done(await claim(member, await fill(client, world)), "cart")
    assert quantities(claimed) == {"MILK-1L": 2, "BREAD": 3}
    assert [problem["code"] for problem in claimed["problems"]] == ["OUT_OF_STOCK"]


async def test_claiming_ones_own_cart_again_changes_nothing_in_it(client: Client, world: World, member: Client) -> None:
    cart = await fill(client, world)
    for _ in range(2):
        assert quantities(done(await claim(member, cart), "cart")) == {"MILK-1L": 2}


async def test_another_members_cart_cannot_be_claimed(client: Client, world: World, member: Client) -> None:
    cart = await fill(member, world)
    stranger = await client.member("13900000002")
    assert refusal(await claim(stranger, cart)) == ("NOT_FOUND", ["input", "cartId"])
    assert await read_cart(member, cart) == cart


async def test_a_cart_that_is_an_order_cannot_be_claimed(client: Client, world: World, member: Client) -> None:
    cart = await fill(client, world)
    await pay(client, await place(client, cart))
    assert refusal(await claim(member, cart)) == ("CART_ORDERED", ["input", "cartId"])
    assert (await read_cart(client, cart) or {})["version"] == cart["version"]


async def test_only_a_member_can_claim_a_cart(client: Client, world: World, clerk: Client) -> None:
    cart = await fill(client, world)
    mutation = "mutation($id: ID!) { cartClaim(input: {cartId: $id}) { cart { id } } }"
    assert await client.code(mutation, id=cart["id"]) == "UNAUTHENTICATED"
    assert await clerk.code(mutation, id=cart["id"]) == "FORBIDDEN"
    assert await read_cart(client, cart) == cart
