"""Codes on carts: whose they stay, how many, and how often one may guess."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.errors import Invalid
from core.hooks import hookimpl
from core.pricing import Basket
from hexmart.testing import Client, UsePlugins, World
from tests.schema.conftest import Number
from tests.schema.shop import Payload, done, fill, place, refusal

pytestmark = pytest.mark.anyio
CART = "cart { id version codes { code plugin label applied reason } }"
APPLY = "mutation($input: CartCodeInput!) { cartCodeApply(input: $input) { userErrors { code } } }"


class Vouchers:
    """Knows every code that begins with V; V-OWN is for members alone."""

    @hookimpl
    async def redeem_code(self, basket: Basket, code: str) -> str | None:
        if code == "V-OWN" and basket.member_id is None:
            raise Invalid(reason="Sign in first: this one is for members.")
        return f"Voucher {code}" if code.startswith("V") else None


async def apply(client: Client, cart: Payload, code: str) -> Payload:
    return await client.do("cartCodeApply", {"cartId": cart["id"], "code": code}, CART)


def codes(payload: Payload) -> list[str]:
    return [code["code"] for code in done(payload, "cart")["codes"]]


async def test_a_code_is_the_same_however_it_is_written(
    client: Client, world: World, use_plugins: UsePlugins, number_of: Number
) -> None:
    await use_plugins(vouchers=Vouchers())
    cart = await fill(client, world)
    first = done(await apply(client, cart, "v1"), "cart")
    assert first["codes"] == [
        {
            "code": "V1",
            "plugin": "vouchers",
            "label": "Voucher V1",
            "applied": False,
            "reason": "It gives nothing for this cart.",
        }
    ]
    assert first["version"] == cart["version"] + 1
    assert done(await apply(client, cart, " V1 "), "cart") == first
    assert await number_of("cart_code") == 1


async def test_a_cart_takes_ten_codes(client: Client, world: World, use_plugins: UsePlugins) -> None:
    await use_plugins(vouchers=Vouchers())
    cart = await fill(client, world)
    for number in range(10):
        done(await apply(client, cart, f"V{number}"), "cart")
    assert refusal(await apply(client, cart, "V10")) == ("LIMIT_REACHED", ["input", "code"])
    assert len(codes(await apply(client, cart, "V3"))) == 10


async def test_a_plugin_says_why_a_code_cannot_be_used(
    client: Client, member: Client, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(vouchers=Vouchers())
    payload = await apply(client, await fill(client, world), "V-OWN")
    assert refusal(payload) == ("INVALID", ["input", "code"])
    assert payload["userErrors"][0]["message"] == "Sign in first: this one is for members."
    assert codes(await apply(member, await fill(member, world), "V-OWN")) == ["V-OWN"]


async def test_codes_are_put_on_ones_own_cart_while_it_is_one(
    client: Client, member: Client, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(vouchers=Vouchers())
    cart = await fill(member, world)
    assert refusal(await apply(client, cart, "V1")) == ("NOT_FOUND", ["input", "cartId"])
    assert refusal(await apply(member, {"id": "nonsense"}, "V1")) == ("NOT_FOUND", ["input", "cartId"])
    await place(member, cart)
    assert refusal(await apply(member, cart, "V1")) == ("CART_ORDERED", ["input", "cartId"])


async def test_codes_follow_a_cart_that_a_member_claims(
    client: Client, member: Client, world: World, use_plugins: UsePlugins, number_of: Number
) -> None:
    await use_plugins(vouchers=Vouchers())
    before = await fill(member, world)
    for number in range(6):
        done(await apply(member, before, f"V{number}"), "cart")
    guests = await fill(client, world)
    for number in range(5, 12):
        done(await apply(client, guests, f"V{number}"), "cart")
    claimed = codes(await member.do("cartClaim", {"cartId": guests["id"]}, CART))
    assert claimed == [*(f"V{number}" for number in (0, 1, 2)), *(f"V{number}" for number in range(5, 12))]
    assert await number_of("cart_code") == 10


async def test_five_wrong_codes_a_minute_are_enough(client: Client, world: World, use_plugins: UsePlugins) -> None:
    await use_plugins(vouchers=Vouchers())
    cart = await fill(client, world)
    for number in range(5):
        done(await apply(client, cart, f"V{number}"), "cart")
        assert refusal(await apply(client, cart, "V-OWN"))[0] == "INVALID"
        assert refusal(await apply(client, cart, f"X{number}"))[0] == "CODE_UNKNOWN"
    assert await client.code(APPLY, input={"cartId": cart["id"], "code": "V9"}) == "RATE_LIMITED"
    done(await apply(client, await fill(client, world), "V9"), "cart")


async def test_prices_of_all_carts_of_a_read_are_asked_for_once(
    client: Client, world: World, use_plugins: UsePlugins
) -> None:
    asked: list[int] = []

    class Counting:
        @hookimpl
        async def adjust_prices(self, baskets: Sequence[Basket]) -> list[list[Any]]:
            asked.append(len(baskets))
            return [[] for _ in baskets]

    carts = [await fill(client, world) for _ in range(3)]
    await use_plugins(counting=Counting())
    slots = ", ".join(f"$c{number}: ID!" for number in range(3))
    nodes = " ".join(f"c{number}: cart(id: $c{number}) {{ totals {{ payable {{ amount }} }} }}" for number in range(3))
    await client.run(f"query({slots}) {{ {nodes} }}", **{f"c{n}": cart["id"] for n, cart in enumerate(carts)})
    assert sum(asked) == 3
    cart = carts[0]
    asked.clear()
    more = {"cartId": cart["id"], "variantId": world.variants["BREAD"], "quantity": 1}
    done(await client.do("cartLineAdd", more, CART), "cart")
    assert asked == [1], "what is about to change is not priced before it"
