"""Goods that come back after they were collected: their points come back by quantity, money or none."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hexmart.testing import Client
from plugins.points_mall.tests.shop import Shop
from schema.relay import global_id, key_or_nothing
from tests.schema.shop import PHONE, done

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]
ORDER = "query($id: ID!) { order(id: $id) { pickupCode lines { id } } }"
RETURN = "return { id status }"


@pytest.mark.parametrize("minor", [0, 250])
async def test_as_many_as_come_back_give_their_points_back(
    shop: Shop, client: Client, run_worker: RunWorker, minor: int
) -> None:
    buyer, staff = await client.member(PHONE), await client.staff(shop.world.email("owner"))
    who = key_or_nothing("Member", (await buyer.run("{ viewer { ... on Member { id } } }"))["viewer"]["id"])
    await shop.earn(who, 1_000, days=30)
    redemption = await shop.redeem(who, await shop.goods(minor=minor, stock=9), 3)
    order = await shop.order(redemption)
    await shop.pay(who, order.id)
    for gone, quantity in ((1, 1), (3, 2)):
        await came_back(shop, buyer, staff, global_id("Order", order.id), quantity)
        for _ in range(3):
            await run_worker()
        state = "RETURNED" if gone == 3 else "ORDERED"
        assert (await shop.stands(redemption), await shop.balance(who)) == ((state, gone, 3 - gone), 700 + 100 * gone)
    assert not await shop.audit()


async def came_back(shop: Shop, buyer: Client, staff: Client, order_id: str, quantity: int) -> None:
    """Have so many collected goods of an order taken in again."""
    order = (await buyer.run(ORDER, id=order_id))["order"]
    store = {"storeId": shop.world.stores["S1"]}
    if quantity == 1:
        done(await staff.do("orderVerify", {"code": order["pickupCode"]} | store, "order { id }"), "order")
    lines = [{"orderLineId": order["lines"][0]["id"], "quantity": quantity}]
    asked: dict[str, Any] = {"orderId": order_id, "kind": "RETURN", "reason": "CHANGED_MIND", "lines": lines}
    wish = done(await buyer.do("returnRequest", asked | {"idempotencyKey": f"a{quantity}"}, RETURN), "return")
    done(await staff.do("returnApprove", {"returnId": wish["id"]}, RETURN), "return")
    taken = {"returnId": wish["id"], "idempotencyKey": f"r{quantity}"}
    done(await staff.do("returnReceive", taken, RETURN), "return")
