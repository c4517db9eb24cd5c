"""What plugins add to carts and orders and take off, through the API."""

from typing import Any

import pytest

from hexmart.testing import Client, UsePlugins, World
from tests.core.orders.plugins import CODE, Saver, Wrap
from tests.schema.shop import done, fill, items, refusal

pytestmark = pytest.mark.anyio

CART = """cart { id version codes { code plugin label applied reason }
  adjustments { kind source label amount { amount } }
  totals { items { amount } discounts { amount } fees { amount } delivery { amount } payable { amount } }
  problems { code message } }"""
ORDER = CART.replace("cart { id version codes { code plugin label applied reason }", "order { id").replace(
    "problems { code message }", "holds { reason }"
)


async def apply(client: Client, cart: dict[str, Any], code: str = CODE) -> dict[str, Any]:
    return await client.do("cartCodeApply", {"cartId": cart["id"], "code": code}, CART)


def totals(shown: dict[str, Any]) -> list[str]:
    return [shown["totals"][part]["amount"] for part in ("items", "discounts", "fees", "delivery", "payable")]


async def test_a_code_takes_something_off_and_the_order_keeps_why(
    client: Client, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(saver=Saver(), wrap=Wrap())
    cart = done(await apply(client, await fill(client, world), " save5 "), "cart")
    assert cart["codes"] == [{"code": CODE, "plugin": "saver", "label": "Five off", "applied": True, "reason": None}]
    assert totals(cart) == ["31.80", "5.00", "1.00", "0.00", "27.80"]
    adjustments = [
        {"kind": "DISCOUNT", "source": "saver", "label": "Off", "amount": {"amount": "-5.00"}},
        {"kind": "FEE", "source": "wrap", "label": "Wrapping", "amount": {"amount": "1.00"}},
    ]
    assert (cart["adjustments"], cart["problems"]) == (adjustments, [])
    asked = {"cartId": cart["id"], "idempotencyKey": "1", "cartVersion": cart["version"]}
    order = done(await client.do("orderPlace", asked, ORDER), "order")
    assert (totals(order), order["adjustments"]) == (totals(cart), adjustments)


async def test_a_code_that_gives_nothing_says_why(client: Client, world: World, use_plugins: UsePlugins) -> None:
    await use_plugins(saver=Saver())
    cart = await fill(client, world, {"APPLE": 100})
    shown = done(await apply(client, cart), "cart")
    assert [(code["applied"], code["reason"]) for code in shown["codes"]] == [(False, "From ten yuan on.")]
    more = {"cartId": cart["id"], **items(world, {"MILK-1L": 1})[0]}
    shown = done(await client.do("cartLineAdd", more, CART), "cart")
    assert [(code["applied"], code["reason"]) for code in shown["codes"]] == [(True, None)]


async def test_a_code_is_taken_off_again(client: Client, world: World, use_plugins: UsePlugins) -> None:
    await use_plugins(saver=Saver())
    cart = await fill(client, world)
    done(await apply(client, cart), "cart")
    shown = done(await client.do("cartCodeRemove", {"cartId": cart["id"], "code": "Save5"}, CART), "cart")
    assert (shown["codes"], shown["adjustments"], totals(shown)[-1]) == ([], [], "31.80")
    again = await client.do("cartCodeRemove", {"cartId": cart["id"], "code": CODE}, CART)
    assert refusal(again) == ("NOT_FOUND", ["input", "code"])


async def test_a_code_that_nobody_knows_is_refused(client: Client, world: World, use_plugins: UsePlugins) -> None:
    cart = await fill(client, world)
    assert refusal(await apply(client, cart)) == ("CODE_UNKNOWN", ["input", "code"])
    await use_plugins(saver=Saver())
    assert refusal(await apply(client, cart, "nonsense")) == ("CODE_UNKNOWN", ["input", "code"])
    assert refusal(await apply(client, cart, " ")) == ("INVALID", ["input", "code"])
    assert refusal(await apply(client, cart, "x" * 65)) == ("INVALID", ["input", "code"])


async def test_codes_of_the_members_own_cart_move_to_the_one_that_is_claimed(
    client: Client, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(saver=Saver())
    member = await client.member("13800000001")
    done(await apply(member, await fill(member, world)), "cart")
    guests = await fill(client, world)
    claimed = done(await member.do("cartClaim", {"cartId": guests["id"]}, CART), "cart")
    assert (claimed["id"], [code["code"] for code in claimed["codes"]]) == (guests["id"], [CODE])
    assert totals(claimed)[1] == "5.00"
