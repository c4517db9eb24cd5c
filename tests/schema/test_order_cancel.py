"""Orders that end before their goods change hands."""

from typing import Any

import pytest

from hexmart.testing import Client, World
from tests.schema.conftest import Shelf
from tests.schema.shop import Payload, act, buy, done, fill, place, read, refusal

pytestmark = pytest.mark.anyio


async def cancel(who: Client, order: Payload, key: str = "cancel", **more: object) -> Payload:
    """The payload of cancelling an order."""
    return await act(who, "orderCancel", order, idempotencyKey=key, **more)


async def test_a_buyer_cancels_an_order_that_is_not_paid(client: Client, world: World, shelf: Shelf) -> None:
    order = await place(client, await fill(client, world))
    ended = done(await cancel(client, order, reason="too late"), "order")
    assert (ended["status"], ended["paymentStatus"], ended["refunds"]) == ("CANCELLED", "CANCELLED", [])
    assert [(event["name"], event["note"]) for event in ended["timeline"]] == [
        ("placed", None),
        ("cancelled", "too late"),
    ]
    assert (ended["reservedUntil"], ended["allowedActions"], await shelf()) == (None, [], (100, 0))


async def test_a_buyer_who_has_paid_gets_everything_back(
    client: Client, world: World, shelf: Shelf, run_worker: Any
) -> None:
    order = await buy(client, world)
    ended = done(await cancel(client, order), "order")
    assert (ended["status"], ended["paymentStatus"], await shelf()) == ("CANCELLED", "REFUNDED", (100, 0))
    assert [(refund["status"], refund["amount"]) for refund in ended["refunds"]] == [("REQUESTED", {"amount": "31.80"})]
    assert ended["fulfilments"][0]["status"] == "CANCELLED"
    assert [event["name"] for event in ended["timeline"]] == ["placed", "paid", "cancelled", "refund_requested"]
    await run_worker()
    settled = await read(client, order) or {}
    assert ([refund["status"] for refund in settled["refunds"]], settled["status"]) == (["SUCCEEDED"], "CANCELLED")


async def test_a_member_cancels_their_own_order(world: World, member: Client, shelf: Shelf) -> None:
    ended = done(await cancel(member, await buy(member, world)), "order")
    assert (ended["status"], await shelf()) == ("CANCELLED", (100, 0))


async def test_cancelling_again_with_the_same_key_changes_nothing(client: Client, world: World) -> None:
    order = await buy(client, world)
    ended = done(await cancel(client, order), "order")
    assert done(await cancel(client, order), "order") == ended
    assert refusal(await cancel(client, order, "another key")) == ("ORDER_STATE", ["input", "orderId"])
    assert await read(client, order) == ended
    query = "mutation($i: OrderCancelInput!) { orderCancel(input: $i) { order { id } } }"
    other = {"orderId": order["id"], "reason": "another", "idempotencyKey": "cancel"}
    assert await client.code(query, i=other) == "IDEMPOTENCY_KEY_REUSED"


async def test_once_the_store_has_accepted_only_staff_cancel(
    client: Client, world: World, clerk: Client, manager: Client, shelf: Shelf
) -> None:
    order = await buy(client, world)
    accepted = done(await act(clerk, "orderAccept", order), "order")
    assert refusal(await cancel(client, order)) == ("ORDER_STATE", ["input", "orderId"])
    assert refusal(await cancel(clerk, order)) == ("NOT_FOUND", ["input", "orderId"])
    assert await read(clerk, order) == accepted
    assert await shelf() == (100, 2)
    ended = done(await cancel(manager, order, reason="no bread today"), "order")
    assert (ended["status"], ended["paymentStatus"], await shelf()) == ("CANCELLED", "REFUNDED", (100, 0))
    assert ended["refunds"][0]["reason"] == "no bread today"


@pytest.mark.parametrize("step", ["orderReady", "orderVerify"])
async def test_what_was_handed_over_is_not_cancelled(
    client: Client, world: World, manager: Client, shelf: Shelf, step: str
) -> None:
    order = await buy(client, world)
    done(await act(manager, "orderAccept", order), "order")
    done(await act(manager, "orderReady", order), "order")
    if step == "orderReady":
        assert done(await cancel(manager, order), "order")["status"] == "CANCELLED"
        assert await shelf() == (100, 0)
        return
    code = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    done(await manager.do("orderVerify", code, "order { id }"), "order")
    assert refusal(await cancel(manager, order)) == ("ORDER_STATE", ["input", "orderId"])
    assert ((await read(client, order) or {})["status"], await shelf()) == ("COMPLETED", (98, 0))
