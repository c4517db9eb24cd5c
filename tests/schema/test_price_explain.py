"""Staff see why a cart or an order costs what it does."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.hooks import hookimpl
from core.pricing import Adjustment, Basket, Charge, DeliveryOff, Effect, Percent, Stage, TakeOff
from hexmart.testing import Client, UsePlugins, World
from tests.schema.shop import fill, place

pytestmark = pytest.mark.anyio
STEPS = """{ totals { items { amount } discounts { amount } fees { amount } payable { amount } } failed
  steps { stage kind plugin source label reason code amount { amount } applied whyNot
    shares { lineId variant { sku } amount { amount } } } }"""
EXPLAIN = f"query($cart: ID, $order: ID) {{ priceExplain(cartId: $cart, orderId: $order) {STEPS} }}"


def offer(name: str, stage: Stage, effect: Effect, *, alone: bool = False) -> Adjustment:
    return Adjustment(
        stage=stage, source=f"offers.{name}", label=name, reason=f"{name} in autumn", effect=effect, alone=alone
    )


class Offers:
    """Two that do not go together, and a fee."""

    @hookimpl
    async def adjust_prices(self, baskets: Sequence[Basket]) -> list[list[Adjustment]]:
        tenth = offer("tenth", Stage.PROMOTION, Percent(1_000), alone=True)
        small = offer("small", Stage.PROMOTION, TakeOff(100))
        bag, way = offer("bag", Stage.FEE, Charge(30)), offer("way", Stage.DELIVERY, DeliveryOff())
        return [[way, bag, small, tenth] for _ in baskets]


async def explain(who: Client, **asked: str) -> Any:
    return (await who.run(EXPLAIN, **asked))["priceExplain"]


async def test_each_step_is_told_in_order_applied_or_not_by_line(
    client: Client, manager: Client, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(offers=Offers())
    cart = await fill(client, world, {"MILK-1L": 1, "BREAD": 1})
    told = await explain(manager, cart=cart["id"])
    found = [(one["stage"], one["source"], one["amount"]["amount"], one["applied"]) for one in told["steps"]]
    assert found == [
        ("PROMOTION", "offers.tenth", "-2.84", True),
        ("PROMOTION", "offers.small", "0.00", False),
        ("FEE", "offers.bag", "0.30", True),
        ("DELIVERY", "offers.way", "0.00", False),
    ]
    tenth, small, bag, way = told["steps"]
    assert small["whyNot"] == "It does not go together with another offer of its stage, which is worth more."
    assert way["whyNot"] == "There is no delivery to pay for."
    assert (bag["kind"], tenth["kind"], tenth["reason"], tenth["plugin"]) == (
        "FEE",
        "DISCOUNT",
        "tenth in autumn",
        "offers",
    )
    lines = {line["variant"]["sku"]: line["id"] for line in cart["lines"]}
    shares = {one["variant"]["sku"]: (one["lineId"], one["amount"]["amount"]) for one in tenth["shares"]}
    assert shares == {"MILK-1L": (lines["MILK-1L"], "-1.59"), "BREAD": (lines["BREAD"], "-1.25")}
    assert told["totals"]["payable"]["amount"] == "25.86"


async def test_an_order_is_explained_by_what_was_written_with_it(
    client: Client, manager: Client, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(offers=Offers())
    cart = await fill(client, world, {"MILK-1L": 1, "BREAD": 1})
    before = await explain(manager, cart=cart["id"])
    order = await place(client, cart)
    after = await explain(manager, order=order["id"])
    lines = {line["variant"]["sku"]: line["id"] for line in order["lines"]}
    for step in before["steps"]:
        for share in step["shares"]:
            share["lineId"] = lines[share["variant"]["sku"]]
    assert after == before


async def test_prices_are_explained_within_the_stores_of_a_role(
    client: Client, manager: Client, clerk: Client, member: Client, owner: Client, world: World
) -> None:
    support = await client.staff(world.email("support"))
    cart, nowhere = await fill(client, world), await fill(client, world, store=None)
    order = await place(client, await fill(client, world))
    for who in (manager, owner, support):
        assert await explain(who, cart=cart["id"]) is not None
        assert await explain(who, cart=nowhere["id"]) is not None
        assert await explain(who, order=order["id"]) is not None
    for other in (clerk, member):
        assert await other.code(EXPLAIN, cart=cart["id"]) == "FORBIDDEN"
    assert await client.code(EXPLAIN, cart=cart["id"]) == "UNAUTHENTICATED"
    assert await manager.code(EXPLAIN) == "BAD_REQUEST"
    assert await manager.code(EXPLAIN, cart=cart["id"], order=order["id"]) == "BAD_REQUEST"
    assert await explain(manager, cart="nonsense") is None
