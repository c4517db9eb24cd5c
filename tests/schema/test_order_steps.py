"""A store carries an order out, step by step."""

import pytest

from hexmart.testing import Client, World
from tests.schema.conftest import Shelf
from tests.schema.shop import ORDER, Payload, act, buy, buy_delivered, done, fill, place, read, refusal

pytestmark = pytest.mark.anyio


async def verify(staff: Client, world: World, code: str, store: str = "S1") -> Payload:
    """The payload of taking a code at a counter."""
    return await staff.do("orderVerify", {"code": code, "storeId": world.stores[store]}, ORDER)


def events(order: Payload) -> list[str]:
    return [event["name"] for event in order["timeline"]]


async def test_a_delivery_goes_from_the_shelf_to_the_door(
    client: Client, world: World, clerk: Client, shelf: Shelf
) -> None:
    order = await buy_delivered(client, world)
    steps = {"orderAccept": "ACCEPTED", "orderPrepare": "PREPARING", "orderReady": "READY"}
    for step, status in steps.items():
        order = done(await act(clerk, step, order), "order")
        assert (order["status"], order["fulfilments"][0]["status"], await shelf()) == (status, status, (100, 2))
    order = done(await act(clerk, "orderDispatch", order, provider="own courier"), "order")
    assert (order["status"], order["fulfilments"][0]["status"], await shelf()) == ("DISPATCHED", "DISPATCHED", (98, 0))
    order = done(await act(clerk, "orderComplete", order), "order")
    assert (order["status"], order["fulfilments"][0]["status"], await shelf()) == ("COMPLETED", "DONE", (98, 0))
    names = ["placed", "paid", "accepted", "preparing", "ready", "dispatched", "completed"]
    assert (events(order), order["timeline"][5]["note"]) == (names, "own courier")


@pytest.mark.parametrize(
    "before", [[], ["orderAccept"], ["orderAccept", "orderPrepare"], ["orderAccept", "orderReady"]]
)
async def test_a_code_hands_the_goods_over_whenever_it_is_shown(
    client: Client, world: World, clerk: Client, shelf: Shelf, before: list[str]
) -> None:
    order = await buy(client, world)
    for step in before:
        done(await act(clerk, step, order), "order")
    handed = done(await verify(clerk, world, f" {order['pickupCode']} "), "order")
    assert (handed["status"], handed["fulfilments"][0]["status"], await shelf()) == ("COMPLETED", "DONE", (98, 0))


async def test_a_code_is_taken_once(client: Client, world: World, clerk: Client, shelf: Shelf) -> None:
    order = await buy(client, world)
    done(await verify(clerk, world, order["pickupCode"]), "order")
    assert refusal(await verify(clerk, world, order["pickupCode"])) == ("CODE_USED", ["input", "code"])
    assert await shelf() == (98, 0)


async def test_a_code_is_good_at_its_own_store_only(
    client: Client, world: World, clerk: Client, clerk_of_s1: Client
) -> None:
    order = await buy(client, world, store="S2")
    assert refusal(await verify(clerk, world, order["pickupCode"], "S1")) == ("CODE_UNKNOWN", ["input", "code"])
    assert refusal(await verify(clerk_of_s1, world, order["pickupCode"], "S2")) == ("NOT_FOUND", ["input", "storeId"])
    assert (await read(client, order) or {})["status"] == "PAID"
    assert done(await verify(clerk, world, order["pickupCode"], "S2"), "order")["status"] == "COMPLETED"


async def test_the_code_of_an_order_that_has_ended_hands_nothing_over(
    client: Client, world: World, clerk: Client, shelf: Shelf
) -> None:
    order = await buy(client, world)
    done(await act(clerk, "orderReject", order), "order")
    assert refusal(await verify(clerk, world, order["pickupCode"])) == ("ORDER_STATE", ["input", "code"])
    assert ((await read(client, order) or {})["status"], await shelf()) == ("CANCELLED", (100, 0))


async def test_the_same_hand_may_repeat_a_step_and_another_may_not(
    client: Client, world: World, clerk: Client, manager: Client
) -> None:
    order = await buy(client, world)
    done(await act(clerk, "orderAccept", order), "order")
    again = await act(clerk, "orderAccept", order)
    assert [(warning["code"], warning["targetId"]) for warning in again["warnings"]] == [("ALREADY_DONE", order["id"])]
    assert events(done(again, "order")) == ["placed", "paid", "accepted"]
    assert refusal(await act(manager, "orderAccept", order)) == ("ORDER_STATE", ["input", "orderId"])


@pytest.mark.parametrize("step", ["orderPrepare", "orderReady", "orderDispatch", "orderComplete"])
async def test_no_step_is_left_out(client: Client, world: World, clerk: Client, shelf: Shelf, step: str) -> None:
    order = await buy_delivered(client, world)
    assert refusal(await act(clerk, step, order)) == ("ORDER_STATE", ["input", "orderId"])
    unpaid = await place(client, await fill(client, world))
    assert refusal(await act(clerk, "orderAccept", unpaid)) == ("ORDER_STATE", ["input", "orderId"])
    assert ((await read(client, order) or {})["status"], await shelf()) == ("PAID", (100, 4))


@pytest.mark.parametrize("step", ["orderDispatch", "orderComplete"])
async def test_only_a_delivery_leaves_with_a_courier(client: Client, world: World, clerk: Client, step: str) -> None:
    order = await buy(client, world)
    done(await act(clerk, "orderAccept", order), "order")
    done(await act(clerk, "orderReady", order), "order")
    assert refusal(await act(clerk, step, order)) == ("INVALID", ["input", "orderId"])
    assert (await read(client, order) or {})["status"] == "READY"


async def test_a_fulfilment_named_must_be_the_orders(client: Client, world: World, clerk: Client) -> None:
    order, other = await buy(client, world), await buy(client, world)
    refused = await act(clerk, "orderAccept", order, fulfilmentId=other["fulfilments"][0]["id"])
    assert refusal(refused) == ("NOT_FOUND", ["input", "fulfilmentId"])
    own = await act(clerk, "orderAccept", order, fulfilmentId=order["fulfilments"][0]["id"])
    assert done(own, "order")["status"] == "ACCEPTED"


@pytest.mark.parametrize("before", [[], ["orderAccept"], ["orderAccept", "orderPrepare"]])
async def test_a_rejected_order_is_paid_back(
    client: Client, world: World, clerk: Client, shelf: Shelf, before: list[str]
) -> None:
    order = await buy(client, world)
    for step in before:
        done(await act(clerk, step, order), "order")
    rejected = done(await act(clerk, "orderReject", order, note="sold out"), "order")
    assert (rejected["status"], rejected["paymentStatus"]) == ("CANCELLED", "REFUNDED")
    assert [(refund["amount"]["amount"], refund["reason"]) for refund in rejected["refunds"]] == [("31.80", "sold out")]
    assert (rejected["fulfilments"][0]["status"], await shelf()) == ("REJECTED", (100, 0))
    assert refusal(await act(clerk, "orderReject", order)) == ("ORDER_STATE", ["input", "orderId"])


PICKUP_STEPS = {
    "PENDING_PAYMENT": ["paymentStart"],
    "PAID": ["orderAccept", "orderReject", "orderVerify"],
    "ACCEPTED": ["orderPrepare", "orderReady", "orderReject", "orderVerify"],
    "PREPARING": ["orderReady", "orderReject", "orderVerify"],
    "READY": ["orderVerify"],
    "COMPLETED": [],
}
BUYER = {"PENDING_PAYMENT": ["paymentStart", "orderCancel"], "PAID": ["orderCancel"]}


async def test_everybody_is_told_what_they_may_do_next(
    client: Client, world: World, clerk: Client, manager: Client
) -> None:
    cart = await fill(client, world)
    order = await place(client, cart)
    code = None
    for status, steps in PICKUP_STEPS.items():
        if status == "PAID":
            asked = {"orderId": order["id"], "provider": "sandbox", "idempotencyKey": "1"}
            code = done(await client.do("paymentStart", asked, ORDER), "order")["pickupCode"]
        elif status == "COMPLETED":
            done(await verify(clerk, world, str(code)), "order")
        elif status != "PENDING_PAYMENT":
            step = {"ACCEPTED": "orderAccept", "PREPARING": "orderPrepare", "READY": "orderReady"}[status]
            done(await act(clerk, step, order), "order")
        told = {who: (await read(reader, order) or {}) for who, reader in (("b", client), ("c", clerk), ("m", manager))}
        assert {who: seen["status"] for who, seen in told.items()} == dict.fromkeys(told, status)
        cancels = [] if status == "COMPLETED" else ["orderCancel"]
        refunds = [] if status == "PENDING_PAYMENT" else ["refundCreate"]
        assert told["b"]["allowedActions"] == BUYER.get(status, [])
        assert told["c"]["allowedActions"] == steps
        assert sorted(told["m"]["allowedActions"]) == sorted(steps + cancels + refunds)


async def test_a_delivery_is_dispatched_and_not_verified(client: Client, world: World, clerk: Client) -> None:
    order = await buy_delivered(client, world)
    assert (await read(clerk, order) or {})["allowedActions"] == ["orderAccept", "orderReject"]
    offered = {
        "orderAccept": ["orderPrepare", "orderReady", "orderReject"],
        "orderReady": ["orderDispatch"],
        "orderDispatch": ["orderComplete"],
        "orderComplete": [],
    }
    for step, following in offered.items():
        assert done(await act(clerk, step, order), "order")["allowedActions"] == following
